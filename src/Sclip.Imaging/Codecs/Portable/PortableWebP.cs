using System.Buffers.Binary;
using Sclip.Imaging.Codecs.Sharp;
using SixLabors.ImageSharp.Formats.Webp;

namespace Sclip.Imaging.Codecs.Portable;

/// <summary>WebP by ImageSharp: lossy and lossless still pictures. The header is read here before, as its size is to be known before memory is taken.</summary>
internal static class PortableWebP
{
    private const string Name = "WebP";
    private const int ChunkAt = 12, ContentAt = 20, HeaderEnd = 30;
    private const byte AnimationFlag = 2, LosslessMark = 0x2F;
    private const int SideBits = 14, MostSide = 0x3FFF;

    // A lossless picture stands as 32 bits a pixel beside its transforms; a lossy one's alpha likewise.
    private const int TransformBytes = 12;

    public static DecodedPixels Decode(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken)
    {
        if (file.Length < HeaderEnd || BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) > file.Length - 8)
            throw Refusal.Damaged(Name);
        var content = file[ContentAt..];
        var (width, height) = file[ChunkAt..(ChunkAt + 4)] switch
        {
            [.. var type] when type.SequenceEqual("VP8X"u8) => (content[0] & AnimationFlag) != 0 ? throw Refusal.Animation() : (Number24(content[4..]) + 1, Number24(content[7..]) + 1),
            [.. var type] when type.SequenceEqual("VP8L"u8) && content[0] == LosslessMark => OfLossless(BinaryPrimitives.ReadUInt32LittleEndian(content[1..])),
            // Behind the frame's tag and its start code; the two upper bits are a scale that no reader heeds.
            [.. var type] when type.SequenceEqual("VP8 "u8) => (BinaryPrimitives.ReadUInt16LittleEndian(content[6..]) & MostSide, BinaryPrimitives.ReadUInt16LittleEndian(content[8..]) & MostSide),
            _ => throw Refusal.Damaged(Name, "its header cannot be read"),
        };
        limits.Check(width, height);
        return SharpDecoder.Decode(file, Name, new WebpDecoder { IgnoreMetadata = true }, new SharpHeader(width, height, HasAlpha: true, WorkingBytes: TransformBytes), cancellationToken);
    }

    private static (int Width, int Height) OfLossless(uint bits) => ((int)(bits & MostSide) + 1, (int)(bits >> SideBits & MostSide) + 1);

    private static int Number24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;
}
