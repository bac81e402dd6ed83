using System.Buffers.Binary;
using Sclip.Imaging.Codecs;

namespace Sclip.Imaging;

/// <summary>What a picture's file says of itself before it is decoded.</summary>
/// <param name="IsJpeg">Whether it is a JPEG.</param>
/// <param name="IsPng">Whether it is a PNG.</param>
/// <param name="Orientation">How EXIF says that it is stored, 1..8; 0 where only decoding tells.</param>
/// <param name="IsWhole">Whether it ends as such a file does; of other kinds only decoding tells, and it is false.</param>
/// <param name="Size">Its width and height as it is stored; null where only decoding tells.</param>
public readonly record struct PictureHead(bool IsJpeg, bool IsPng, int Orientation, bool IsWhole, (int Width, int Height)? Size)
{
    private const int PngHeader = 24, FirstOnItsSide = 5;

    /// <summary>Whether it is stored otherwise than upright, so that readers that do not look at EXIF see it turned.</summary>
    public bool IsTurned => Orientation > 1;

    /// <summary>Its width and height once it is upright; null where only decoding tells.</summary>
    public (int Width, int Height)? Upright => Size is var (width, height) && Orientation >= FirstOnItsSide ? (height, width) : Size;

    /// <summary>Reads a whole file, or the beginning of a JPEG.</summary>
    public static PictureHead Read(ReadOnlySpan<byte> file)
    {
        switch (FileKinds.Of(file))
        {
            case FileKind.Jpeg:
                var jpeg = JpegMetadata.Read(file);
                return new PictureHead(true, false, jpeg.Orientation, jpeg.HasEnd, jpeg is { Width: > 0, Height: > 0 } ? (jpeg.Width, jpeg.Height) : null);
            case FileKind.Png when file.Length >= PngHeader:
                return new PictureHead(false, true, ExifOrientation.OfPng(file), file[..^4].EndsWith("IEND"u8), (BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..])));
            case FileKind.WebP:
                return new PictureHead(false, false, ExifOrientation.OfWebP(file), false, null);
            case FileKind.Tiff:
                return new PictureHead(false, false, ExifOrientation.OfBlock(file), false, null);
            default:
                // HEIF's own turns are part of its decoding, for every reader.
                return default;
        }
    }
}
