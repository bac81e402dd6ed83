namespace Sclip.Imaging;

/// <summary>Resizes pictures as the authors' pipeline does (mmcv, OpenCV's INTER_LINEAR): bilinear, half-pixel centres, no antialiasing, rounded to 8 bits.</summary>
public static class ImageResizer
{
    /// <summary>
    /// Brings the short side to <paramref name="shortSide"/> pixels and keeps the shape, unless the long side would exceed
    /// <paramref name="maxLongSide"/>, which then decides. 0, or a picture that has the size, returns the picture itself.
    /// </summary>
    public static RgbImage ShortSide(RgbImage image, int shortSide, int maxLongSide = 2048)
    {
        if (shortSide == 0)
            return image;
        var factor = Math.Min((double)maxLongSide / Math.Max(image.Width, image.Height), (double)shortSide / Math.Min(image.Width, image.Height));
        return Resize(image, Math.Max(1, (int)(image.Width * factor + 0.5)), Math.Max(1, (int)(image.Height * factor + 0.5)));
    }

    /// <summary>Resizes to a width and height in pixels.</summary>
    public static RgbImage Resize(RgbImage image, int width, int height)
    {
        if (width == image.Width && height == image.Height)
            return image;
        var columns = Taps(image.Width, width, 3);
        var rows = Taps(image.Height, height, image.Width * 3);
        var pixels = GC.AllocateUninitializedArray<byte>(width * height * 3);
        for (var y = 0; y < height; y++)
        {
            // Only the two rows around a target row are read, however large the picture is.
            var first = image.Pixels.AsSpan(rows[y].First, image.Width * 3);
            var second = image.Pixels.AsSpan(rows[y].Second, image.Width * 3);
            var target = pixels.AsSpan(y * width * 3, width * 3);
            var down = rows[y].Share;
            for (var x = 0; x < width; x++)
            {
                var (left, right, across) = columns[x];
                for (var channel = 0; channel < 3; channel++)
                {
                    var top = first[left + channel] + (first[right + channel] - first[left + channel]) * across;
                    var bottom = second[left + channel] + (second[right + channel] - second[left + channel]) * across;
                    target[x * 3 + channel] = (byte)(top + (bottom - top) * down + 0.5f);
                }
            }
        }
        return new RgbImage(width, height, pixels);
    }

    /// <summary>For each target position the offsets of its two source positions, and the share of the second.</summary>
    private static (int First, int Second, float Share)[] Taps(int source, int target, int step)
    {
        var taps = new (int, int, float)[target];
        var scale = (double)source / target;
        for (var i = 0; i < target; i++)
        {
            var position = Math.Clamp((i + 0.5) * scale - 0.5, 0, source - 1);
            var first = (int)position;
            taps[i] = (first * step, Math.Min(first + 1, source - 1) * step, (float)(position - first));
        }
        return taps;
    }
}
