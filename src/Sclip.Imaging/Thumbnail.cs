using Sclip.Imaging.Resizing;

namespace Sclip.Imaging;

/// <summary>Shrinks pictures and label maps to be looked at.</summary>
public static class Thumbnail
{
    /// <summary>Shrinks a picture until its long side has at most <paramref name="side"/> pixels; fine patterns are averaged, so that they do not turn into others.</summary>
    public static RgbImage Of(RgbImage picture, int side)
    {
        var (width, height) = Fit(picture.Width, picture.Height, side);
        return ImageResizer.Resize(Average(picture, Math.Min(picture.Width / width, picture.Height / height)), width, height);
    }

    /// <summary>Shrinks a label map <c>[height, width]</c> in the same way; each pixel keeps the class at its centre.</summary>
    public static (ushort[] Labels, int Width, int Height) Of(ReadOnlySpan<ushort> labels, int width, int height, int side)
    {
        var (newWidth, newHeight) = Fit(width, height, side);
        return (NearestLabels.Resize(labels, width, height, newWidth, newHeight), newWidth, newHeight);
    }

    private static (int Width, int Height) Fit(int width, int height, int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        var scale = Math.Min(1.0, (double)side / Math.Max(width, height));
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }

    /// <summary>Means of squares of <paramref name="step"/> x <paramref name="step"/> pixels; what is left over at the right and below is cut.</summary>
    private static RgbImage Average(RgbImage picture, int step)
    {
        if (step < 2)
            return picture;
        var (width, height, area) = (picture.Width / step, picture.Height / step, step * step);
        var pixels = new byte[width * height * 3];
        var sums = new int[width * 3];
        for (var y = 0; y < height; y++)
        {
            Array.Clear(sums);
            for (var row = y * step; row < (y + 1) * step; row++)
            {
                var source = picture.Pixels.AsSpan(row * picture.Width * 3, width * step * 3);
                for (int x = 0, at = 0; x < sums.Length; x += 3)
                    for (var i = 0; i < step; i++, at += 3)
                    {
                        sums[x] += source[at];
                        sums[x + 1] += source[at + 1];
                        sums[x + 2] += source[at + 2];
                    }
            }
            for (var x = 0; x < sums.Length; x++)
                pixels[y * sums.Length + x] = (byte)((sums[x] + area / 2) / area);
        }
        return new RgbImage(width, height, pixels);
    }
}
