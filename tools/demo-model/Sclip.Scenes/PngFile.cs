using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Sclip.Scenes;

/// <summary>Writes pictures as PNG of 8 bits a channel.</summary>
internal static class PngFile
{
    public static void Write(string path, ReadOnlySpan<byte> rgb, int width, int height)
    {
        using var file = File.Create(path);
        file.Write([0x89, .. "PNG\r\n\x1a\n"u8]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (8, 2);
        Chunk(file, "IHDR"u8, header);
        using var rows = new MemoryStream();
        using (var deflate = new ZLibStream(rows, CompressionLevel.SmallestSize, leaveOpen: true))
            for (var y = 0; y < height; y++)
            {
                // Each byte less the one to its left: the filter Sub, which suits photographs' smooth rows.
                var row = rgb.Slice(y * width * 3, width * 3);
                deflate.WriteByte(1);
                for (var i = 0; i < row.Length; i++)
                    deflate.WriteByte((byte)(row[i] - (i < 3 ? 0 : row[i - 3])));
            }
        Chunk(file, "IDAT"u8, rows.ToArray());
        Chunk(file, "IEND"u8, []);
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32([.. type, .. data]));
        file.Write(number);
    }
}
