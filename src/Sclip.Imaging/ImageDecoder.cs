using Sclip.Imaging.Codecs;

namespace Sclip.Imaging;

/// <summary>Decodes JPEG, PNG and WebP, told apart by their first bytes and never by a file's name.</summary>
public static class ImageDecoder
{
    /// <summary>What the names of such files end with, whatever the case.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".jpg", ".jpeg", ".png", ".webp"];

    /// <summary>Whether a name is one of such a file, by its ending.</summary>
    public static bool HasEnding(string name) => Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Decodes a whole file to upright RGB; alpha is laid over white.</summary>
    /// <exception cref="ImageDecodeException">The file is no picture of these formats, is damaged, or exceeds a limit.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        if (file.IsEmpty)
            throw new ImageDecodeException("the file is empty.");
        if (file.Length > limits.MaxFileBytes)
            throw new ImageDecodeException($"the file has {file.Length} bytes, more than the limit of {limits.MaxFileBytes} (--max-file-size).");
        if (file.StartsWith<byte>([0xFF, 0xD8, 0xFF]))
        {
            var metadata = JpegMetadata.Read(file);
            return Orientation.Upright(Codec.DecodeJpeg(file, metadata, limits).ToRgb(), metadata.Orientation);
        }
        if (IsPng(file))
            return Orientation.Upright(Codec.DecodePng(file, limits).ToRgb(), ExifOrientation.OfPng(file));
        if (file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8))
            return Orientation.Upright(Codec.DecodeWebP(file, limits).ToRgb(), ExifOrientation.OfWebP(file));
        throw new ImageDecodeException($"{Describe(file)}; JPEG, PNG and WebP are supported.");
    }

    internal static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']);

    private static string Describe(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("GIF8"u8))
            return "the file is a GIF";
        if (file.StartsWith("BM"u8))
            return "the file is a BMP";
        if (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8))
            return "the file is a TIFF";
        if (file.Length >= 12 && file[4..].StartsWith("ftyp"u8))
            return "the file is a HEIF, AVIF or video";
        return "the file is no picture (or a damaged one: its first bytes are of no known format)";
    }
}
