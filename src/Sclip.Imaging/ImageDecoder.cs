using Sclip.Imaging.Codecs;
using Sclip.Imaging.Codecs.Sharp;

namespace Sclip.Imaging;

/// <summary>Decodes pictures, told apart by their first bytes and never by a file's name.</summary>
public static class ImageDecoder
{
    /// <summary>What is read, in words.</summary>
    public const string Formats = "JPEG, PNG, WebP, HEIC, AVIF, TIFF, BMP, GIF, TGA, PBM, PGM and PPM";

    /// <summary>What the names of such files end with, whatever the case.</summary>
    public static IReadOnlyList<string> Endings { get; } =
        [".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".tif", ".tiff", ".bmp", ".gif", ".tga", ".pbm", ".pgm", ".ppm", ".pnm"];

    /// <summary>Whether a name is one of such a file, by its ending.</summary>
    public static bool HasEnding(string name) => Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Decodes a whole file to upright RGB; alpha is laid over white. Of several pages or frames it is the first.</summary>
    /// <param name="file">The file.</param>
    /// <param name="limits">What it may be at most.</param>
    /// <param name="cancellationToken">Ends the decoding where the format's decoder looks at it.</param>
    /// <exception cref="ImageDecodeException">The file is no picture of these formats, is damaged, or exceeds a limit.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken = default)
    {
        if (file.IsEmpty)
            throw new ImageDecodeException("the file is empty.");
        if (file.Length > limits.MaxFileBytes)
            throw new ImageDecodeException($"the file has {file.Length} bytes, more than the limit of {limits.MaxFileBytes} (--max-file-size).");
        switch (FileKinds.Of(file))
        {
            case FileKind.Jpeg:
                var metadata = JpegMetadata.Read(file);
                return Orientation.Upright(Codec.DecodeJpeg(file, metadata, limits, cancellationToken).ToRgb(), metadata.Orientation);
            case FileKind.Png:
                return Orientation.Upright(Codec.DecodePng(file, limits, cancellationToken).ToRgb(), ExifOrientation.OfPng(file));
            case FileKind.WebP:
                return Orientation.Upright(Codec.DecodeWebP(file, limits, cancellationToken).ToRgb(), ExifOrientation.OfWebP(file));
            case FileKind.Tiff:
                // A TIFF has its orientation where EXIF has it, which is a TIFF itself.
                return Orientation.Upright(SharpDecoder.DecodeTiff(file, limits, cancellationToken).ToRgb(), ExifOrientation.OfBlock(file));
            case FileKind.Heif:
                return Codec.DecodeHeif(file, limits).ToRgb();
            case FileKind.Bmp:
                return SharpDecoder.DecodeBmp(file, limits, cancellationToken).ToRgb();
            case FileKind.Gif:
                return SharpDecoder.DecodeGif(file, limits, cancellationToken).ToRgb();
            case FileKind.Tga:
                return SharpDecoder.DecodeTga(file, limits, cancellationToken).ToRgb();
            case FileKind.Netpbm:
                return Netpbm.Decode(file, limits).ToRgb();
            case var other:
                throw new ImageDecodeException($"{Describe(other)}; {Formats} are supported.");
        }
    }

    internal static bool IsPng(ReadOnlySpan<byte> file) => FileKinds.Of(file) == FileKind.Png;

    private static string Describe(FileKind kind) => kind switch
    {
        FileKind.BigTiff => "the file is a BigTIFF",
        FileKind.OtherNetpbm => "the file is a PAM or PFM",
        FileKind.OtherMedia => "the file is a video, or a camera's raw picture",
        _ => "the file is no picture (or a damaged one: its first bytes are of no known format)",
    };
}
