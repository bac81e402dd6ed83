using System.Buffers.Binary;

namespace Sclip.Imaging.Codecs;

/// <summary>
/// What a JPEG's segments say: the EXIF orientation (1..8, 1 where unknown), whether Adobe's marker is there, and whether an end mark follows
/// the start of the picture's data (inside the data, FF is never followed by D9); its size as it is stored, bits of a value and
/// components, 0 where none is found; and whether bytes that belong to no segment stand before the picture's data.
/// </summary>
internal readonly record struct JpegMetadata(int Orientation, bool IsAdobe, bool HasEnd, int Width, int Height, int Precision, int Components, bool HasStrayBytes)
{
    private const int FrameHeader = 6;

    public static JpegMetadata Read(ReadOnlySpan<byte> file)
    {
        var (orientation, isAdobe, hasEnd, hasStrayBytes) = (1, false, false, false);
        var (width, height, precision, components) = (0, 0, 0, 0);
        // Segments up to the start of scan: FF, marker, length (itself included), content. Stray bytes between them are passed over, as
        // the decoder does, lest it and this see different pictures.
        for (var at = 2; at + 4 <= file.Length;)
        {
            var marker = file[at + 1];
            if (file[at] != 0xFF || marker is 0xFF or 0x00)
            {
                // Marks may be preceded by any number of FF.
                hasStrayBytes |= marker != 0xFF || file[at] != 0xFF;
                at++;
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (marker == 0xDA)
                hasEnd = file[at..].IndexOf<byte>([0xFF, 0xD9]) >= 0;
            if (marker is 0xDA or 0xD9 || length < 2 || at + 2 + length > file.Length)
                break;
            var content = file.Slice(at + 4, length - 2);
            if (marker == 0xE1 && content.StartsWith("Exif\0\0"u8))
                orientation = ExifOrientation.OfBlock(content);
            // The start of a frame, whatever its kind of coding; tables of codes have numbers among theirs.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && content.Length >= FrameHeader)
                (precision, height, width, components) = (content[0], BinaryPrimitives.ReadUInt16BigEndian(content[1..]), BinaryPrimitives.ReadUInt16BigEndian(content[3..]), content[5]);
            isAdobe |= marker == 0xEE && content.StartsWith("Adobe"u8);
            at += 2 + length;
        }
        return new JpegMetadata(orientation, isAdobe, hasEnd, width, height, precision, components, hasStrayBytes);
    }
}
