using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Sclip.Testing;

/// <summary>Writes PNGs of any colour type and depth, bit by bit as the format says, to hold decoders against.</summary>
public static class RawPng
{
    public const byte Grey = 0, Rgb = 2, Palette = 3;

    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Writes a file.</summary>
    /// <param name="samples"><c>[height, width, channels]</c>.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="colorType">As in the header.</param>
    /// <param name="depth">Bits a sample.</param>
    /// <param name="palette">Number of colours of the palette, where there is one; they are all the same.</param>
    /// <param name="interlaced">Whether the rows come in seven passes.</param>
    public static byte[] Write(ushort[] samples, int width, byte colorType, int depth, int palette = 0, bool interlaced = false)
    {
        var channels = colorType == Rgb ? 3 : 1;
        var height = samples.Length / width / channels;
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, colorType, (byte)(interlaced ? 1 : 0));
        Chunk(file, "IHDR"u8, header);
        if (colorType == Palette)
            Chunk(file, "PLTE"u8, [.. Enumerable.Repeat((byte)77, palette * 3)]);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
            foreach (var (x0, y0, stepX, stepY) in interlaced ? Adam7 : [(0, 0, 1, 1)])
                for (var y = y0; y < height && x0 < width; y += stepY)
                {
                    var row = new List<int>();
                    for (var x = x0; x < width; x += stepX)
                        row.AddRange(Enumerable.Range(0, channels).Select(channel => (int)samples[(y * width + x) * channels + channel]));
                    // Each row begins with its filter, which is none.
                    zlib.Write([0, .. Pack(row, depth)]);
                }
        Chunk(file, "IDAT"u8, data.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Pack(List<int> row, int depth)
    {
        var packed = new byte[(row.Count * depth + 7) / 8];
        for (var i = 0; i < row.Count * depth; i++)
            if ((row[i / depth] >> depth - 1 - i % depth & 1) != 0)
                packed[i / 8] |= (byte)(0x80 >> i % 8);
        return packed;
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> type, byte[] content)
    {
        byte[] checkedPart = [.. type, .. content];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(checkedPart);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(checkedPart));
        file.Write(number);
    }
}
