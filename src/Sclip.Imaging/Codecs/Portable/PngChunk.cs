using System.Buffers.Binary;
using System.IO.Hashing;

namespace Sclip.Imaging.Codecs.Portable;

/// <summary>Writes chunks of a PNG, and checks those that others wrote.</summary>
internal static class PngChunk
{
    /// <summary>Writes its length, its type, its content and their checksum.</summary>
    public static void Write(Stream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        output.Write(number);
        output.Write(type);
        output.Write(content);
        var checksum = new Crc32();
        checksum.Append(type);
        checksum.Append(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, checksum.GetCurrentHashAsUInt32());
        output.Write(number);
    }

    /// <summary>Whether a chunk, from its length on, ends in the checksum of its type and content.</summary>
    public static bool HasChecksum(ReadOnlySpan<byte> chunk) => BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..]) == Crc32.HashToUInt32(chunk[4..^4]);
}
