using Sclip.Imaging.Codecs;

namespace Sclip.Imaging;

/// <summary>Reads masks: the class index of each pixel, as it is stored.</summary>
public static class MaskDecoder
{
    /// <summary>Reads a palette or grey PNG of 8 or 16 bits.</summary>
    /// <exception cref="ImageDecodeException">The file is no such PNG, or is damaged.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static (ushort[] Labels, int Width, int Height) Read(ReadOnlySpan<byte> png, ImageLimits limits)
    {
        if (!ImageDecoder.IsPng(png))
            throw new ImageDecodeException("the mask is no PNG.");
        return Codec.DecodePngValues(png, limits);
    }
}
