namespace Sclip.Scenes;

/// <summary>Scenes that nothing was trained on or chosen by: a quarter of the demo's in size and in things, so that borders take as large a part.</summary>
public static class HeldOutScenes
{
    /// <summary>Columns of a scene, in pixels.</summary>
    public const int Width = 128;

    /// <summary>Its rows.</summary>
    public const int Height = 96;

    private const ulong Seed = 2026_000;

    /// <summary>A scene of its own for each index.</summary>
    public static Picture Draw(int index)
    {
        var random = new SceneRandom(Seed + (ulong)index);
        return new Scene(random, Width, Height, backgrounds: 1 + random.Below(2), things: 1).Draw(0, 0, Width, Height);
    }
}
