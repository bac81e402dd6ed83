using System.Buffers.Binary;
using Sclip.Imaging.Codecs.Sharp;
using SixLabors.ImageSharp.Formats.Webp;

namespace Sclip.Imaging.Codecs.Portable;

/// <summary>WebP by ImageSharp: lossy and lossless still pictures. The header is read here before, as its size is to be known before memory is taken.</summary>
internal static class PortableWebP
{
    private const string Name = "WebP";
    private const int RiffHeader = 8, ChunkHeader = 8, ChunkAt = 12, ContentAt = ChunkAt + ChunkHeader;
    private const int LosslessHeader = 5, LossyHeader = 10, ExtendedHeader = 10;
    private const byte AnimationFlag = 2, LosslessMark = 0x2F;
    private const int SideBits = 14, MostSide = 0x3FFF;

    // A lossless picture stands as 32 bits a pixel beside its transforms; a lossy one's alpha likewise.
    private const int TransformBytes = 12;

    public static DecodedPixels Decode(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken)
    {
        if (file.Length < ContentAt + LosslessHeader || BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) is var size && (size < ContentAt + LosslessHeader - RiffHeader || size > file.Length - RiffHeader))
            throw Refusal.Damaged(Name);
        // What stands behind is not the picture's.
        file = file[..(RiffHeader + (int)size)];
        var content = file[ContentAt..];
        var (width, height, hasAlpha) = file[ChunkAt..(ChunkAt + 4)] switch
        {
            [.. var type] when type.SequenceEqual("VP8X"u8) && content.Length >= ExtendedHeader =>
                (content[0] & AnimationFlag) != 0 ? throw Refusal.Animation() : (Number24(content[4..]) + 1, Number24(content[7..]) + 1, true),
            [.. var type] when type.SequenceEqual("VP8L"u8) && content[0] == LosslessMark => OfLossless(BinaryPrimitives.ReadUInt32LittleEndian(content[1..])),
            // Behind the frame's tag and its start code; the two upper bits are a scale that no reader heeds.
            [.. var type] when type.SequenceEqual("VP8 "u8) && content.Length >= LossyHeader =>
                (BinaryPrimitives.ReadUInt16LittleEndian(content[6..]) & MostSide, BinaryPrimitives.ReadUInt16LittleEndian(content[8..]) & MostSide, false),
            _ => throw Refusal.Damaged(Name, "its header cannot be read"),
        };
        limits.Check(width, height);
        RequireWhole(file);
        return SharpDecoder.Decode(file, Name, new WebpDecoder { IgnoreMetadata = true }, new SharpHeader(width, height, hasAlpha, WorkingBytes: TransformBytes), cancellationToken);
    }

    /// <summary>Refuses a file that breaks off within the picture's data or before, which ImageSharp fills up.</summary>
    private static void RequireWhole(ReadOnlySpan<byte> file)
    {
        for (var rest = file[ChunkAt..]; rest.Length >= ChunkHeader;)
        {
            var (isPicture, size) = (rest.StartsWith("VP8 "u8) || rest.StartsWith("VP8L"u8), BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]));
            if (size > rest.Length - ChunkHeader)
                break;
            if (isPicture)
                return;
            // Chunks begin at even places.
            rest = rest[(int)Math.Min(rest.Length, ChunkHeader + (long)size + (size & 1))..];
        }
        throw Refusal.Damaged(Name, "it ends before its pixels");
    }

    /// <summary>Where alpha is not used, it is there all the same, and may be anything.</summary>
    private static (int Width, int Height, bool HasAlpha) OfLossless(uint bits) => ((int)(bits & MostSide) + 1, (int)(bits >> SideBits & MostSide) + 1, (bits >> (2 * SideBits) & 1) != 0);

    private static int Number24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;
}
