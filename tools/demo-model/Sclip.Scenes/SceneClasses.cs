namespace Sclip.Scenes;

/// <summary>The classes of the scenes, in the order of <c>models/demo/labels.json</c>.</summary>
public static class SceneClasses
{
    /// <summary>What fills regions.</summary>
    public static IReadOnlyList<string> Backgrounds { get; } = ["grass", "sky", "sand", "water", "brick", "wood"];

    /// <summary>What stands in front of them.</summary>
    public static IReadOnlyList<string> Things { get; } = ["tree", "house", "car", "boat", "fish", "flower", "sun"];

    /// <summary>All: a label is an index into these.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Backgrounds, .. Things];
}
