using Sclip.Contracts.Jobs;
using Sclip.Imaging.Resizing;

namespace Sclip.Imaging;

/// <summary>Resizes pictures as the authors' pipeline does (mmcv, OpenCV's INTER_LINEAR): bilinear, half-pixel centres, no antialiasing, rounded to 8 bits.</summary>
public static class ImageResizer
{
    // The largest patch of a CLIP: of anything thinner its models see nothing.
    private const int LeastSide = 32;

    /// <summary>
    /// Brings the short side to <paramref name="shortSide"/> pixels and keeps the shape, unless the long side would exceed
    /// <paramref name="maxLongSide"/>, which then decides; a picture that this would make thinner than 32 pixels (or than the short side asked
    /// for) is stretched to them. 0, or a picture that has the size, returns the picture itself.
    /// </summary>
    public static RgbImage ShortSide(RgbImage image, int shortSide, int maxLongSide = SettingRanges.MostLongSide)
    {
        var (width, height) = SizeByShortSide(image.Width, image.Height, shortSide, maxLongSide);
        return Resize(image, width, height);
    }

    /// <summary>The size in pixels that <see cref="ShortSide"/> gives to a picture of <paramref name="width"/> and <paramref name="height"/>.</summary>
    public static (int Width, int Height) SizeByShortSide(int width, int height, int shortSide, int maxLongSide = SettingRanges.MostLongSide)
    {
        if (shortSide == 0)
            return (width, height);
        var factor = Math.Min((double)maxLongSide / Math.Max(width, height), (double)shortSide / Math.Min(width, height));
        var least = Math.Min(shortSide, LeastSide);
        return (Math.Max(least, (int)(width * factor + 0.5)), Math.Max(least, (int)(height * factor + 0.5)));
    }

    /// <summary>Resizes to a width and height in pixels.</summary>
    public static RgbImage Resize(RgbImage image, int width, int height)
    {
        if (width == image.Width && height == image.Height)
            return image;
        var columns = Tap.Along(image.Width, width, RgbRows.Channels);
        var rows = Tap.Along(image.Height, height);
        var pixels = GC.AllocateUninitializedArray<byte>(width * height * RgbRows.Channels);
        // The two source rows around a target row, brought to the target's width; most serve the next target row as well.
        var (upper, lower) = (new float[width * RgbRows.Channels + 1], new float[width * RgbRows.Channels + 1]);
        var (inUpper, inLower) = (-1, -1);
        for (var y = 0; y < height; y++)
        {
            var (first, second, down) = rows[y];
            if (first == inLower)
                (upper, lower, inUpper, inLower) = (lower, upper, inLower, inUpper);
            if (first != inUpper)
                RgbRows.Across(RowOf(image, inUpper = first), columns, upper);
            if (second != inLower)
                RgbRows.Across(RowOf(image, inLower = second), columns, lower);
            RgbRows.Down(upper, lower, down, pixels.AsSpan(y * width * RgbRows.Channels, width * RgbRows.Channels));
        }
        return new RgbImage(width, height, pixels);
    }

    private static ReadOnlySpan<byte> RowOf(RgbImage image, int row) => image.Pixels.AsSpan(row * image.Width * RgbRows.Channels, image.Width * RgbRows.Channels);
}
