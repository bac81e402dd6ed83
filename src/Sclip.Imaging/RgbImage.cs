namespace Sclip.Imaging;

/// <summary>An upright picture of interleaved 8-bit RGB.</summary>
public sealed class RgbImage
{
    /// <summary>Wraps pixels.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="pixels">Width x height x 3 bytes.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        if (width < 1 || height < 1 || pixels.LongLength != 3L * width * height)
            throw new ArgumentException($"{pixels.LongLength} bytes are no {width} x {height} pixels of 3.");
        (Width, Height, Pixels) = (width, height, pixels);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary><c>[Height, Width, 3]</c>.</summary>
    public byte[] Pixels { get; }
}
