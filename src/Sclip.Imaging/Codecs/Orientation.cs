namespace Sclip.Imaging.Codecs;

/// <summary>Turns pictures upright.</summary>
internal static class Orientation
{
    /// <summary>Undoes an EXIF orientation: 1 upright, 2 mirrored, 3 upside down, 4 flipped, 5 transposed, 6 turned left, 7 transversed, 8 turned right.</summary>
    public static RgbImage Upright(RgbImage image, int orientation)
    {
        if (orientation == 1)
            return image;
        var (sourceWidth, sourceHeight) = (image.Width, image.Height);
        var (width, height) = orientation >= 5 ? (sourceHeight, sourceWidth) : (sourceWidth, sourceHeight);
        var pixels = GC.AllocateUninitializedArray<byte>(image.Pixels.Length);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (sourceX, sourceY) = orientation switch
                {
                    2 => (sourceWidth - 1 - x, y),
                    3 => (sourceWidth - 1 - x, sourceHeight - 1 - y),
                    4 => (x, sourceHeight - 1 - y),
                    5 => (y, x),
                    6 => (y, sourceHeight - 1 - x),
                    7 => (sourceWidth - 1 - y, sourceHeight - 1 - x),
                    _ => (sourceWidth - 1 - y, x),
                };
                image.Pixels.AsSpan((sourceY * sourceWidth + sourceX) * 3, 3).CopyTo(pixels.AsSpan((y * width + x) * 3));
            }
        return new RgbImage(width, height, pixels);
    }
}
