using Sclip.Contracts;
using Sclip.Imaging.Overlay;
using Sclip.Imaging.Resizing;

namespace Sclip.Imaging;

/// <summary>Draws a picture with its classes as translucent colours, outlined, and a legend below.</summary>
public static class OverlayRenderer
{
    // Below this a legend cannot be read: smaller pictures are enlarged.
    private const int LeastSide = 640;

    /// <summary>Renders an overlay.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="labelMap">Class index per pixel of it.</param>
    /// <param name="classes">The classes, by index.</param>
    /// <param name="maxSide">Long side in pixels to which larger pictures are shrunk, so that overlays stay small to look at.</param>
    /// <returns>The overlay: the picture, in this size, with a strip below.</returns>
    /// <exception cref="ArgumentException">The label map has another size than the picture.</exception>
    public static RgbImage Render(RgbImage picture, ReadOnlySpan<ushort> labelMap, IReadOnlyList<OverlayClass> classes, int maxSide = 2048)
    {
        if (labelMap.Length != picture.Width * picture.Height)
            throw new ArgumentException($"{labelMap.Length} labels are no {picture.Width} x {picture.Height} pixels.");
        var longSide = Math.Max(picture.Width, picture.Height);
        var scale = (double)Math.Clamp(longSide, Math.Min(LeastSide, maxSide), maxSide) / longSide;
        var (width, height) = (Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)));
        var resized = ImageResizer.Resize(picture, width, height);
        var labels = NearestLabels.Resize(labelMap, picture.Width, picture.Height, width, height);
        // By the width as well: in a tall narrow strip, text sized by the height leaves a letter of each name.
        var line = Math.Clamp(Math.Min(Math.Max(width, height) / 40, width / 16), 15, 40);
        var legend = new Legend(classes, width, line, mostRows: Math.Max(1, height / 3 / (line + line / 3)));
        var pixels = new byte[width * (height + legend.Height) * 3];
        Blend(resized, labels, [.. classes.Select(item => item.Color)], pixels);
        legend.Draw(pixels, height);
        return new RgbImage(width, height + legend.Height, pixels);
    }

    /// <summary>The picture alone with its classes as translucent colours, outlined, in its own size and without a legend.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="labelMap">Class index per pixel of it.</param>
    /// <param name="colors">Colours of the classes, by index.</param>
    /// <exception cref="ArgumentException">The label map has another size than the picture.</exception>
    public static RgbImage Blend(RgbImage picture, ReadOnlySpan<ushort> labelMap, IReadOnlyList<RgbColor> colors)
    {
        if (labelMap.Length != picture.Width * picture.Height)
            throw new ArgumentException($"{labelMap.Length} labels are no {picture.Width} x {picture.Height} pixels.");
        var pixels = new byte[picture.Pixels.Length];
        Blend(picture, labelMap, colors, pixels);
        return new RgbImage(picture.Width, picture.Height, pixels);
    }

    private static void Blend(RgbImage picture, ReadOnlySpan<ushort> labels, IReadOnlyList<RgbColor> colors, byte[] pixels)
    {
        for (var y = 0; y < picture.Height; y++)
            for (var x = 0; x < picture.Width; x++)
            {
                var i = y * picture.Width + x;
                var color = colors[labels[i]];
                var edge = (x > 0 && labels[i] != labels[i - 1]) || (y > 0 && labels[i] != labels[i - picture.Width]);
                pixels[i * 3] = Mix(picture.Pixels[i * 3], color.R, edge);
                pixels[i * 3 + 1] = Mix(picture.Pixels[i * 3 + 1], color.G, edge);
                pixels[i * 3 + 2] = Mix(picture.Pixels[i * 3 + 2], color.B, edge);
            }
    }

    /// <summary>Half the picture, half the class; white along the outlines.</summary>
    private static byte Mix(byte picture, byte color, bool edge) => edge ? (byte)((picture + 3 * 255) / 4) : (byte)((picture + color) / 2);
}
