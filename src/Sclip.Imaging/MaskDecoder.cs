using Sclip.Imaging.Codecs;

namespace Sclip.Imaging;

/// <summary>Reads masks: the class index of each pixel, as it is stored.</summary>
public static class MaskDecoder
{
    private const int ColorTypeAt = 25;
    private const byte ColorBit = 2, PaletteBit = 1;

    /// <summary>Reads a palette or grey PNG of any depth: 1, 2, 4, 8 or 16 bits.</summary>
    /// <exception cref="ImageDecodeException">The file is no such PNG, or is damaged.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static (ushort[] Labels, int Width, int Height) Read(ReadOnlySpan<byte> png, ImageLimits limits)
    {
        if (!ImageDecoder.IsPng(png))
            throw new ImageDecodeException("the mask is no PNG.");
        return Codec.DecodePngValues(png, limits);
    }

    /// <summary>Reads a PNG whose pixels are colours as it is stored, whatever it says of how it is turned: so are masks of values, and so were they made.</summary>
    /// <exception cref="ImageDecodeException">The file is no PNG, or is damaged.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static RgbImage ReadColors(ReadOnlySpan<byte> png, ImageLimits limits)
    {
        if (!ImageDecoder.IsPng(png))
            throw new ImageDecodeException("the mask is no PNG.");
        return Codec.DecodePng(png, limits).ToRgb();
    }

    /// <summary>Whether a file is a PNG whose pixels are colours (RGB, with alpha or without), not values.</summary>
    public static bool HoldsColors(ReadOnlySpan<byte> file) =>
        ImageDecoder.IsPng(file) && file.Length > ColorTypeAt && (file[ColorTypeAt] & (ColorBit | PaletteBit)) == ColorBit;
}
