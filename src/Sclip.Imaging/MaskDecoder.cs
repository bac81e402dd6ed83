using Sclip.Imaging.Codecs;
using Sclip.Imaging.Codecs.Sharp;

namespace Sclip.Imaging;

/// <summary>Reads masks, PNG or TIFF: the class index of each pixel, as it is stored.</summary>
public static class MaskDecoder
{
    private const int DepthAt = 24, ColorTypeAt = 25;
    private const byte ColorBit = 2, PaletteBit = 1;

    /// <summary>Reads a palette or grey file of any depth: 1, 2, 4, 8 or 16 bits.</summary>
    /// <exception cref="ImageDecodeException">The file is no such PNG or TIFF, or is damaged.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static (ushort[] Labels, int Width, int Height) Read(ReadOnlySpan<byte> file, ImageLimits limits) => FileKinds.Of(file) switch
    {
        FileKind.Png => Codec.DecodePngValues(file, limits),
        FileKind.Tiff => TiffHeader.HoldsColors(file) ? throw new ImageDecodeException("the TIFF is an RGB picture and no mask: its pixels are colours, not class indices. Save the indices as a grey TIFF.") : SharpDecoder.DecodeTiffValues(file, limits),
        _ => throw NoMask(),
    };

    /// <summary>Reads a file whose pixels are colours as it is stored, whatever it says of how it is turned: so are masks of values, and so were they made.</summary>
    /// <exception cref="ImageDecodeException">The file is no PNG or TIFF, or is damaged.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static RgbImage ReadColors(ReadOnlySpan<byte> file, ImageLimits limits) => Decode(file, limits).ToRgb();

    /// <summary>Reads a file whose pixels are colours, and where red, green and blue are the same everywhere, the class indices that they are then.</summary>
    /// <exception cref="ImageDecodeException">The file is no PNG or TIFF, is damaged, or has such indices beside transparency or in more than 8 bits.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static (RgbImage Colors, ushort[]? Labels) ReadColorsOrIndices(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var decoded = Decode(file, limits);
        return (decoded.ToRgb(), AreIndices(file, decoded) ? Indices(decoded) : null);
    }

    /// <summary>Whether a file is a PNG or TIFF whose pixels are colours (RGB, with alpha or without), not values.</summary>
    /// <exception cref="ImageDecodeException">The file is a damaged TIFF.</exception>
    public static bool HoldsColors(ReadOnlySpan<byte> file) => FileKinds.Of(file) switch
    {
        FileKind.Png => file.Length > ColorTypeAt && (file[ColorTypeAt] & (ColorBit | PaletteBit)) == ColorBit,
        FileKind.Tiff => TiffHeader.HoldsColors(file),
        _ => false,
    };

    private static DecodedPixels Decode(ReadOnlySpan<byte> file, ImageLimits limits) => FileKinds.Of(file) switch
    {
        FileKind.Png => Codec.DecodePng(file, limits, CancellationToken.None),
        FileKind.Tiff => SharpDecoder.DecodeTiff(file, limits, CancellationToken.None),
        _ => throw NoMask(),
    };

    private static bool AreIndices(ReadOnlySpan<byte> file, DecodedPixels decoded)
    {
        var (pixels, channels) = (decoded.Pixels, decoded.Channels);
        var isOpaque = true;
        for (var i = 0; i < pixels.Length; i += channels)
        {
            if (pixels[i] != pixels[i + 1] || pixels[i] != pixels[i + 2])
                return false;
            isOpaque &= channels < 4 || pixels[i + 3] == byte.MaxValue;
        }
        // Of 16 bits only the upper 8 are decoded.
        if (IsDeep(file))
            throw new ImageDecodeException("it has three equal channels of 16 bits, which are neither colours nor read as class indices. Save the indices as a grey PNG.");
        return isOpaque ? true : throw new ImageDecodeException("it has three equal channels beside transparency: which of its pixels have a class index is not told. Save the indices as a grey PNG.");
    }

    private static bool IsDeep(ReadOnlySpan<byte> file) => FileKinds.Of(file) == FileKind.Png ? file[DepthAt] == 16 : TiffHeader.Depth(file) == 16;

    private static ushort[] Indices(DecodedPixels decoded)
    {
        var labels = GC.AllocateUninitializedArray<ushort>(decoded.Width * decoded.Height);
        for (var i = 0; i < labels.Length; i++)
            labels[i] = decoded.Pixels[i * decoded.Channels];
        return labels;
    }

    private static ImageDecodeException NoMask() => new("the mask is no PNG, and no TIFF either.");
}
