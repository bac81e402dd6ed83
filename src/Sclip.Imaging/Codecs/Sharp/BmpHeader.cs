using System.Buffers.Binary;

namespace Sclip.Imaging.Codecs.Sharp;

/// <summary>The header of a BMP: Windows' of every version, OS/2's first and second.</summary>
internal static class BmpHeader
{
    private const string Name = "BMP";
    private const int FileHeader = 14, AlphaMaskAt = FileHeader + 52;
    private const int Rgb = 0, Rle8 = 1, Rle4 = 2, BitFields = 3;

    public static SharpHeader Read(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        if (file.Length < FileHeader + 12)
            throw Refusal.Damaged(Name);
        var size = BinaryPrimitives.ReadInt32LittleEndian(file[FileHeader..]);
        if (size is not (12 or 16 or 40 or 52 or 56 or 64 or 108 or 124) || file.Length < FileHeader + size)
            throw Refusal.Damaged(Name, "its header cannot be read");
        var info = file.Slice(FileHeader, size);
        var (width, height) = size == 12
            ? (BinaryPrimitives.ReadUInt16LittleEndian(info[4..]), BinaryPrimitives.ReadUInt16LittleEndian(info[6..]))
            : (BinaryPrimitives.ReadInt32LittleEndian(info[4..]), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(info[8..])));
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(info[(size == 12 ? 10 : 14)..]);
        var compression = size >= 40 ? BinaryPrimitives.ReadInt32LittleEndian(info[16..]) : Rgb;
        switch (compression, bits)
        {
            case (Rgb, 1 or 4 or 8 or 16 or 24 or 32) or (Rle8, 8) or (Rle4, 4):
            case (Rgb, 2) when size >= 40:
            case (BitFields, 16 or 32) when size != 64:
                break;
            case (BitFields or 4, _) when size == 64:
                throw Refusal.Unsupported(Name, "a compression of OS/2");
            case (4 or 5, _):
                throw Refusal.Unsupported(Name, $"a {(compression == 4 ? "JPEG" : "PNG")} inside");
            default:
                throw Refusal.Unsupported(Name, compression == Rgb ? $"{bits} bits a pixel" : $"{bits} bits a pixel with compression {compression}");
        }
        limits.Check(width, height);
        var start = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        if (start < FileHeader + size || start > file.Length)
            throw Refusal.Damaged(Name, "its pixels lie outside the file");
        var data = file[(int)start..];
        if (compression is Rle8 or Rle4 ? !RleEnds(data, compression, height) : data.Length < (width * (long)bits + 31) / 32 * 4 * height)
            throw Refusal.Damaged(Name, "it ends before its pixels");
        // Without a mask for it, the fourth byte of a pixel means nothing.
        var hasAlpha = compression == BitFields && size >= 56 && BinaryPrimitives.ReadUInt32LittleEndian(file[AlphaMaskAt..]) != 0;
        return new SharpHeader((int)width, (int)height, hasAlpha);
    }

    /// <summary>Whether run lengths go on to the mark of their end, or to the end of the last row.</summary>
    private static bool RleEnds(ReadOnlySpan<byte> data, int compression, long rows)
    {
        for (var at = 0; at + 2 <= data.Length;)
        {
            var (count, value) = (data[at], data[at + 1]);
            at += 2;
            if (count > 0)
                continue;
            switch (value)
            {
                case 0 when --rows == 0:
                case 1:
                    return true;
                case 0:
                    break;
                case 2:
                    at += 2;
                    break;
                default:
                    var bytes = compression == Rle8 ? value : (value + 1) / 2;
                    at += bytes + (bytes & 1);
                    break;
            }
        }
        return false;
    }
}
