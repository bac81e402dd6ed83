using Sclip.Imaging.Codecs;

namespace Sclip.Imaging;

/// <summary>Encodes JPEG without chroma subsampling, which would smear the edges of colours.</summary>
public static class JpegEncoder
{
    /// <summary>Encodes a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="quality">1..100.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quality is another.</exception>
    /// <exception cref="InvalidOperationException">The picture is larger than a JPEG can be.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static byte[] Encode(RgbImage image, int quality = 90)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        return Codec.EncodeJpeg(image, quality);
    }
}
