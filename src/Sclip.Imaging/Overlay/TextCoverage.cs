namespace Sclip.Imaging.Overlay;

/// <summary>Draws texts as coverage, for pictures that are no RGB.</summary>
public static class TextCoverage
{
    /// <summary>Width in pixels of a text in a line of <paramref name="height"/> pixels.</summary>
    public static int Measure(string text, int height) => GlyphAtlas.Instance.Value.Measure(text, height);

    /// <summary>A text in a line of <paramref name="height"/> pixels, 0 (paper) to 255 (ink) a pixel: <c>[height, width]</c>, with its width. Characters without a glyph are boxes.</summary>
    public static (byte[] Coverage, int Width) Draw(string text, int height)
    {
        var width = Math.Max(1, Measure(text, height));
        var rgb = new byte[width * height * 3];
        GlyphAtlas.Instance.Value.Draw(rgb, width, 0, 0, text, height, (255, 255, 255));
        var coverage = new byte[width * height];
        for (var i = 0; i < coverage.Length; i++)
            coverage[i] = rgb[i * 3];
        return (coverage, width);
    }
}
