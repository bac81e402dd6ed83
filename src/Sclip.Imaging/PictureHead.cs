using System.Buffers.Binary;
using Sclip.Imaging.Codecs;

namespace Sclip.Imaging;

/// <summary>What a picture's file says of itself before it is decoded.</summary>
/// <param name="IsJpeg">Whether it is a JPEG.</param>
/// <param name="IsPng">Whether it is a PNG.</param>
/// <param name="IsTurned">Whether it is stored otherwise than upright, so that readers that do not look at EXIF see it turned.</param>
/// <param name="Size">Its width and height as it is stored; null where only decoding tells.</param>
public readonly record struct PictureHead(bool IsJpeg, bool IsPng, bool IsTurned, (int Width, int Height)? Size)
{
    private const int PngHeader = 24;

    /// <summary>Reads a whole file.</summary>
    public static PictureHead Read(ReadOnlySpan<byte> file)
    {
        switch (FileKinds.Of(file))
        {
            case FileKind.Jpeg:
                var jpeg = JpegMetadata.Read(file);
                return new PictureHead(true, false, jpeg.Orientation != 1, jpeg is { Width: > 0, Height: > 0 } ? (jpeg.Width, jpeg.Height) : null);
            case FileKind.Png when file.Length >= PngHeader:
                return new PictureHead(false, true, ExifOrientation.OfPng(file) != 1, (BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..])));
            case FileKind.WebP:
                return new PictureHead(false, false, ExifOrientation.OfWebP(file) != 1, null);
            case FileKind.Tiff:
                return new PictureHead(false, false, ExifOrientation.OfBlock(file) != 1, null);
            default:
                // HEIF's own turns are part of its decoding, for every reader.
                return default;
        }
    }
}
