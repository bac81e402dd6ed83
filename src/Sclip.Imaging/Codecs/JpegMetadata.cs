using System.Buffers.Binary;

namespace Sclip.Imaging.Codecs;

/// <summary>
/// What a JPEG's segments say: the EXIF orientation (1..8, 1 where unknown), whether Adobe's marker is there, and whether an end mark follows
/// the start of the picture's data (inside the data, FF is never followed by D9).
/// </summary>
internal readonly record struct JpegMetadata(int Orientation, bool IsAdobe, bool HasEnd)
{
    private const int OrientationTag = 0x0112;

    public static JpegMetadata Read(ReadOnlySpan<byte> file)
    {
        var (orientation, isAdobe, hasEnd) = (1, false, false);
        // Segments up to the start of scan: FF, marker, length (itself included), content. Stray bytes between them are passed over, as
        // the decoder does, lest it and this see different pictures.
        for (var at = 2; at + 4 <= file.Length;)
        {
            var marker = file[at + 1];
            if (file[at] != 0xFF || marker is 0xFF or 0x00)
            {
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
                orientation = ReadOrientation(content[6..]);
            isAdobe |= marker == 0xEE && content.StartsWith("Adobe"u8);
            at += 2 + length;
        }
        return new JpegMetadata(orientation, isAdobe, hasEnd);
    }

    /// <summary>Reads the tag from the first directory of a TIFF block; anything odd counts as upright.</summary>
    private static int ReadOrientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return 1;
        var little = tiff.StartsWith("II"u8);
        var directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return 1;
        var entries = tiff[((int)directory + 2)..];
        for (var count = Short(tiff[(int)directory..]); count > 0 && entries.Length >= 12; count--, entries = entries[12..])
            if (Short(entries) == OrientationTag)
                return Short(entries[8..]) is >= 1 and <= 8 and var orientation ? orientation : 1;
        return 1;

        int Short(ReadOnlySpan<byte> bytes) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }
}
