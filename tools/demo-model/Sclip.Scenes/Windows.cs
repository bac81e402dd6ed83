namespace Sclip.Scenes;

/// <summary>The pictures that a model is trained on: windows of scenes, each with the set of what can be seen in it.</summary>
internal static class Windows
{
    private const int WindowsOfScene = 6;
    private const int Aside = 24;
    private const float LeastOfThing = 0.03f, LeastOfBackground = 0.08f;

    /// <summary>Draws windows of scenes as they come.</summary>
    /// <param name="seed">Which.</param>
    /// <param name="count">How many.</param>
    /// <param name="side">Width and height in pixels.</param>
    /// <param name="isSimple">One background and at most one thing a scene, so that there is little to tell apart.</param>
    public static IEnumerable<(Picture Picture, ushort Contents)> Draw(ulong seed, int count, int side, bool isSimple)
    {
        for (var (drawn, number) = (0, 0UL); drawn < count; number++)
        {
            // A scene has a seed of its own, so that any part of the set can be drawn alone.
            var random = new SceneRandom(new SceneRandom(seed * 0x100000001 + number).Bits());
            var scene = isSimple ? new Scene(random, side, side, 1, random.Happens(0.85f) ? 1 : 0) : Scene.Crowded(random);
            for (var i = 0; i < (isSimple ? 1 : WindowsOfScene) && drawn < count; i++, drawn++)
            {
                var (left, top) = Place(random, scene, side);
                var picture = scene.Draw(left, top, side, side);
                yield return (picture, Contents(picture));
            }
        }
    }

    /// <summary>Anywhere, or, half of the time, near a thing: there is more to learn there.</summary>
    private static (int Left, int Top) Place(SceneRandom random, Scene scene, int side)
    {
        var things = scene.Centres.ToArray();
        if (things.Length == 0 || random.Happens(0.5f))
            return (random.Below(scene.Width - side + 1), random.Below(scene.Height - side + 1));
        var centre = random.Pick(things);
        return (Near(random, centre.X, scene.Width - side, side), Near(random, centre.Y, scene.Height - side, side));
    }

    private static int Near(SceneRandom random, float centre, int last, int side) =>
        Math.Clamp((int)centre - side / 2 + random.Below(2 * Aside + 1) - Aside, 0, last);

    /// <summary>A bit for each class of which enough can be seen.</summary>
    private static ushort Contents(Picture picture)
    {
        Span<int> pixels = stackalloc int[SceneClasses.All.Count];
        foreach (var label in picture.Labels)
            pixels[label]++;
        var contents = 0;
        for (var label = 0; label < pixels.Length; label++)
            if (pixels[label] > picture.Labels.Length * (label < SceneClasses.Backgrounds.Count ? LeastOfBackground : LeastOfThing))
                contents |= 1 << label;
        return (ushort)contents;
    }
}
