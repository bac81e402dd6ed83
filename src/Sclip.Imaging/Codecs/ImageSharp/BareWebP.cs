using System.Buffers.Binary;

namespace Sclip.Imaging.Codecs.ImageSharp;

/// <summary>A still WebP of its picture, and its alpha plane where it has one, alone.</summary>
internal static class BareWebP
{
    private const string Name = "WebP";
    private const int ChunkHeader = 8, ExtendedSize = 10;
    private const byte AlphaFlag = 0x10, AnimationFlag = 0x02;

    /// <exception cref="ImageDecodeException">The file is an animation, is damaged, breaks off or exceeds a limit.</exception>
    public static BareFile Of(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var size = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        if (size > file.Length - ChunkHeader)
            throw Refusal.Damaged(Name, "its end is missing");
        var chunks = file[12..Math.Max(12, (int)size + ChunkHeader)];
        (int Width, int Height)? canvas = null;
        var alpha = ReadOnlySpan<byte>.Empty;
        for (var isFirst = true; ; isFirst = false)
        {
            var chunk = Take(ref chunks);
            var data = chunk[ChunkHeader..];
            if (isFirst && chunk.StartsWith("VP8X"u8) && data.Length >= ExtendedSize)
            {
                if ((data[0] & AnimationFlag) != 0)
                    throw Refusal.Animation();
                canvas = (ReadUInt24(data[4..]) + 1, ReadUInt24(data[7..]) + 1);
            }
            else if (chunk.StartsWith("VP8L"u8) || chunk.StartsWith("VP8 "u8))
            {
                var isLossless = chunk[3] == 'L';
                var (width, height, hasAlpha) = isLossless ? ReadLossless(data) : ReadLossy(data);
                limits.Check(width, height);
                if (canvas is { } whole && whole != (width, height))
                    throw Refusal.Damaged(Name, "its sizes contradict each other");
                return isLossless || alpha.IsEmpty
                    ? new BareFile(Name, Join([], [], chunk), width, height, hasAlpha)
                    : new BareFile(Name, Join(Extended(width, height), alpha, chunk), width, height, HasAlpha: true);
            }
            else if (canvas is null)
            {
                throw Refusal.Damaged(Name, "its header cannot be read");
            }
            else if (chunk.StartsWith("ALPH"u8))
            {
                alpha = chunk;
            }
        }
    }

    /// <summary>Cuts the next chunk off, without what pads it.</summary>
    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> chunks)
    {
        if (chunks.Length < ChunkHeader || BinaryPrimitives.ReadUInt32LittleEndian(chunks[4..]) is var size && size > chunks.Length - ChunkHeader)
            throw Refusal.Damaged(Name, "its end is missing");
        var chunk = chunks[..(ChunkHeader + (int)size)];
        chunks = chunks[Math.Min(chunks.Length, chunk.Length + (chunk.Length & 1))..];
        return chunk;
    }

    private static (int Width, int Height, bool HasAlpha) ReadLossless(ReadOnlySpan<byte> data)
    {
        if (data.Length < 5 || data[0] != 0x2F)
            throw Refusal.Damaged(Name, "its header cannot be read");
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        return ((int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1, (bits >> 28 & 1) != 0);
    }

    private static (int Width, int Height, bool HasAlpha) ReadLossy(ReadOnlySpan<byte> data)
    {
        if (data.Length < 10)
            throw Refusal.Damaged(Name, "its header cannot be read");
        return (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF, false);
    }

    private static byte[] Extended(int width, int height)
    {
        byte[] chunk = [.. "VP8X"u8, ExtendedSize, 0, 0, 0, AlphaFlag, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        WriteUInt24(chunk.AsSpan(12), width - 1);
        WriteUInt24(chunk.AsSpan(15), height - 1);
        return chunk;
    }

    private static MemoryStream Join(ReadOnlySpan<byte> extended, ReadOnlySpan<byte> alpha, ReadOnlySpan<byte> picture)
    {
        var content = new MemoryStream(extended.Length + alpha.Length + picture.Length + 16);
        content.Write("RIFF\0\0\0\0WEBP"u8);
        WriteChunk(content, extended);
        WriteChunk(content, alpha);
        WriteChunk(content, picture);
        BinaryPrimitives.WriteInt32LittleEndian(content.GetBuffer().AsSpan(4), (int)content.Length - ChunkHeader);
        content.Position = 0;
        return content;
    }

    private static void WriteChunk(MemoryStream content, ReadOnlySpan<byte> chunk)
    {
        content.Write(chunk);
        if (chunk.Length % 2 != 0)
            content.WriteByte(0);
    }

    private static int ReadUInt24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;

    private static void WriteUInt24(Span<byte> bytes, int value) => (bytes[0], bytes[1], bytes[2]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));
}
