using System.Buffers.Binary;

namespace Sclip.Imaging.Codecs;

/// <summary>Finds how a picture is turned, 1..8 as EXIF counts, in the formats that may say so. Anything odd counts as upright: it never costs a picture.</summary>
internal static class ExifOrientation
{
    private const int Upright = 1, OrientationTag = 0x0112;
    private const int ChunkHeader = 8, PngChecksum = 4;

    /// <summary>Of a PNG: its chunk <c>eXIf</c>, before the picture's data or behind them; else what writers before that chunk was made put into a text.</summary>
    public static int OfPng(ReadOnlySpan<byte> file) => PngChunk(file) is var (start, end) && end > start ? OfBlock(file[(start + ChunkHeader)..(end - PngChecksum)]) : PngProfile.Find(file) is { } profile ? OfBlock(profile) : Upright;

    /// <summary>Where a PNG's chunk <c>eXIf</c> stands, from its length to its checksum; nowhere where there is none.</summary>
    public static (int Start, int End) PngChunk(ReadOnlySpan<byte> file)
    {
        foreach (var chunk in new PngChunks(file))
            if (chunk.IsOf("eXIf"u8))
                return (chunk.Start, chunk.End);
        return default;
    }

    /// <summary>Of a WebP: its chunk <c>EXIF</c>.</summary>
    public static int OfWebP(ReadOnlySpan<byte> file)
    {
        for (var rest = file[Math.Min(file.Length, 12)..]; rest.Length >= ChunkHeader;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (length > rest.Length - ChunkHeader)
                break;
            if (rest.StartsWith("EXIF"u8))
                return OfBlock(rest.Slice(ChunkHeader, (int)length));
            // Chunks begin at even places.
            rest = rest[(int)Math.Min(rest.Length, ChunkHeader + (long)length + (length & 1))..];
        }
        return Upright;
    }

    /// <summary>Of an EXIF block: a TIFF, behind <c>Exif\0\0</c> as JPEG has it, or bare; the tag is in its first directory.</summary>
    public static int OfBlock(ReadOnlySpan<byte> block)
    {
        var tiff = block.StartsWith("Exif\0\0"u8) ? block[6..] : block;
        var little = tiff.StartsWith("II"u8);
        if (tiff.Length < 8 || !little && !tiff.StartsWith("MM"u8))
            return Upright;
        var directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return Upright;
        var entries = tiff[((int)directory + 2)..];
        for (var count = Short(tiff[(int)directory..]); count > 0 && entries.Length >= 12; count--, entries = entries[12..])
            if (Short(entries) == OrientationTag)
                return Short(entries[8..]) is >= 1 and <= 8 and var orientation ? orientation : Upright;
        return Upright;

        int Short(ReadOnlySpan<byte> bytes) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }
}
