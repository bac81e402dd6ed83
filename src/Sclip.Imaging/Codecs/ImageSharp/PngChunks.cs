using System.Buffers.Binary;
using System.IO.Hashing;

namespace Sclip.Imaging.Codecs.ImageSharp;

/// <summary>Walks the chunks of a PNG: length, type, data, checksum.</summary>
internal ref struct PngChunks(ReadOnlySpan<byte> file)
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly ReadOnlySpan<byte> _file = file;
    private int _next = Signature.Length;

    /// <summary>The current chunk, from its length to its checksum.</summary>
    public ReadOnlySpan<byte> Whole { get; private set; }

    public readonly ReadOnlySpan<byte> Type => Whole[4..8];

    public readonly ReadOnlySpan<byte> Data => Whole[8..^4];

    public readonly bool IsIntact => Crc32.HashToUInt32(Whole[4..^4]) == BinaryPrimitives.ReadUInt32BigEndian(Whole[^4..]);

    /// <exception cref="ImageDecodeException">The file breaks off.</exception>
    public void Move()
    {
        var rest = _file[_next..];
        if (rest.Length < 12 || BinaryPrimitives.ReadUInt32BigEndian(rest) is var length && length > rest.Length - 12)
            throw Refusal.Damaged("PNG", "its end is missing");
        Whole = rest[..((int)length + 12)];
        _next += Whole.Length;
    }

    public static void Write(Stream target, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        target.Write(number);
        target.Write(type);
        target.Write(data);
        var crc = new Crc32();
        crc.Append(type);
        crc.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        target.Write(number);
    }
}
