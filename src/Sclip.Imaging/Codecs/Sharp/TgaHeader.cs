using System.Buffers.Binary;

namespace Sclip.Imaging.Codecs.Sharp;

/// <summary>
/// The header of a TGA, of which no byte is a sign of its own: that a file is one is told by all its values being such as TGAs have, and those that
/// say nothing being zero.
/// </summary>
internal static class TgaHeader
{
    private const string Name = "TGA";
    private const int Length = 18;
    private const int Palette = 1, Rgb = 2, Grey = 3, RunLengths = 8;

    /// <summary>Whether a file of no other format is a TGA, as far as its header tells.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> file)
    {
        if (file.Length < Length || file[1] > 1 || BinaryPrimitives.ReadUInt16LittleEndian(file[12..]) == 0 || BinaryPrimitives.ReadUInt16LittleEndian(file[14..]) == 0)
            return false;
        var (hasPalette, type, paletteLength, paletteBits, bits, alphaBits) = (file[1] == 1, file[2], BinaryPrimitives.ReadUInt16LittleEndian(file[5..]), file[7], file[16], file[17] & 15);
        // The two highest bits of the last byte told how rows are interleaved; nobody does it.
        if (file[17] >> 6 != 0 || alphaBits is not (0 or 1 or 8) || type is not (Palette or Rgb or Grey or (Palette | RunLengths) or (Rgb | RunLengths) or (Grey | RunLengths)))
            return false;
        if (hasPalette ? paletteLength == 0 || paletteBits is not (15 or 16 or 24 or 32) : file[3..8].ContainsAnyExcept((byte)0))
            return false;
        return (type & ~RunLengths) switch
        {
            Palette => hasPalette && bits is 8 or 16,
            Rgb => bits is 15 or 16 or 24 or 32,
            _ => !hasPalette && bits is 8 or 16,
        };
    }

    public static SharpHeader Read(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var (type, bits, alphaBits) = (file[2], file[16], file[17] & 15);
        var (width, height) = (BinaryPrimitives.ReadUInt16LittleEndian(file[12..]), BinaryPrimitives.ReadUInt16LittleEndian(file[14..]));
        var isPalette = (type & ~RunLengths) == Palette;
        if (isPalette && bits == 16)
            throw Refusal.Unsupported(Name, "palette indices of 16 bits");
        if (isPalette && BinaryPrimitives.ReadUInt16LittleEndian(file[3..]) != 0)
            throw Refusal.Unsupported(Name, "a palette that does not start with its first colour");
        if (!isPalette && file[1] == 1)
            throw Refusal.Unsupported(Name, "a palette beside its own colours");
        limits.Check(width, height);
        var start = Length + file[0] + (isPalette ? BinaryPrimitives.ReadUInt16LittleEndian(file[5..]) * ((file[7] + 7) / 8) : 0);
        var pixelBytes = (bits + 7) / 8;
        if (start > file.Length || !((type & RunLengths) != 0 ? RunsEnd(file[start..], pixelBytes, (long)width * height) : file.Length - start >= (long)width * height * pixelBytes))
            throw Refusal.Damaged(Name, "it ends before its pixels");
        return new SharpHeader(width, height, HasAlpha: alphaBits == 8);
    }

    /// <summary>Whether run lengths go on to the last pixel.</summary>
    private static bool RunsEnd(ReadOnlySpan<byte> data, int pixelBytes, long pixels)
    {
        long at = 0;
        while (pixels > 0 && at < data.Length)
        {
            var (isRun, count) = (data[(int)at] >= 0x80, (data[(int)at] & 0x7F) + 1);
            at += 1 + (long)pixelBytes * (isRun ? 1 : count);
            pixels -= count;
        }
        return pixels <= 0 && at <= data.Length;
    }
}
