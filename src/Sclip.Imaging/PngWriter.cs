using Sclip.Imaging.Codecs;

namespace Sclip.Imaging;

/// <summary>Writes PNG of bytes that are values rather than colours: ids, grey or spread over three channels.</summary>
public static class PngWriter
{
    /// <summary>A grey PNG of 8 bits.</summary>
    /// <param name="values">A value a pixel, <c>[height, width]</c>.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <exception cref="ArgumentException">The values are not of this size.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static byte[] Grey(ReadOnlySpan<byte> values, int width, int height) => values.Length == (long)width * height
        ? Codec.EncodePngBytes(values, width, height, channels: 1)
        : throw new ArgumentException($"{values.Length} values are no {width} x {height} pixels.");

    /// <summary>A grey PNG of 16 bits.</summary>
    /// <param name="values">A value a pixel, <c>[height, width]</c>.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <exception cref="ArgumentException">The values are not of this size.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static byte[] Grey(ReadOnlySpan<ushort> values, int width, int height) => values.Length == (long)width * height
        ? Codec.EncodePngValues(values, width, height, palette: null)
        : throw new ArgumentException($"{values.Length} values are no {width} x {height} pixels.");

    /// <summary>An RGB PNG of 8 bits a channel.</summary>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static byte[] Rgb(RgbImage image) => Codec.EncodePngBytes(image.Pixels, image.Width, image.Height, channels: 3);
}
