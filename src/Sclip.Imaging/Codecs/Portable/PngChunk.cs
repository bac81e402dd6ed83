using System.Buffers.Binary;

namespace Sclip.Imaging.Codecs.Portable;

/// <summary>Writes chunks of a PNG, and checks those that others wrote.</summary>
internal static class PngChunk
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc & 1) != 0 ? crc >> 1 ^ Polynomial : crc >> 1))];

    /// <summary>Writes its length, its type, its content and their checksum.</summary>
    public static void Write(Stream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        output.Write(number);
        output.Write(type);
        output.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Add(Add(uint.MaxValue, type), content));
        output.Write(number);
    }

    /// <summary>Whether a chunk, from its length on, ends in the checksum of its type and content.</summary>
    public static bool HasChecksum(ReadOnlySpan<byte> chunk) => BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..]) == ~Add(uint.MaxValue, chunk[4..^4]);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            crc = crc >> 8 ^ Table[(byte)crc ^ value];
        return crc;
    }
}
