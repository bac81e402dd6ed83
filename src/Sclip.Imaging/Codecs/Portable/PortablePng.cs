using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sclip.Imaging.Codecs.Sharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace Sclip.Imaging.Codecs.Portable;

/// <summary>PNG by ImageSharp: every colour type and depth, interlaced or not. That the file is whole is checked here before.</summary>
internal static class PortablePng
{
    private const string Name = "PNG";
    private const byte Grey = 0, PaletteType = 3, AlphaBit = 4;
    private const int HeaderAt = 16, HeaderLength = 13, DepthAt = 24, ColorTypeAt = 25;

    public static DecodedPixels Decode(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken)
    {
        var (width, height) = Check(file, limits);
        var hasAlpha = (file[ColorTypeAt] & AlphaBit) != 0 || Holds(file, "tRNS"u8);
        return SharpDecoder.Decode(file, Name, new PngDecoder { IgnoreMetadata = true }, new SharpHeader(width, height, hasAlpha, Is16Bit: file[DepthAt] == 16), cancellationToken);
    }

    /// <summary>The values of a palette or grey PNG of 1, 2, 4, 8 or 16 bits, as they are stored.</summary>
    public static (ushort[] Values, int Width, int Height) DecodeValues(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var (width, height) = Check(file, limits);
        var depth = file[DepthAt];
        if (file[ColorTypeAt] is not (Grey or PaletteType))
            throw Refusal.NoMask(file[ColorTypeAt], depth);
        var values = GC.AllocateUninitializedArray<ushort>(width * height);
        var header = new SharpHeader(width, height, HasAlpha: false, Is16Bit: depth == 16);
        SharpDecoder.Decode<L16>(AsGrey(file), Name, new PngDecoder { IgnoreMetadata = true }, header, image => image.CopyPixelDataTo(MemoryMarshal.Cast<ushort, L16>(values.AsSpan())), CancellationToken.None);
        if (depth < 16)
        {
            // Values of fewer bits come stretched to 16, by a whole number.
            var stretch = ushort.MaxValue / ((1 << depth) - 1);
            foreach (ref var value in values.AsSpan())
                value = (ushort)(value / stretch);
        }
        return (values, width, height);
    }

    /// <summary>A file whose values are grey, of one whose values are places in a palette: ImageSharp keeps the colours alone.</summary>
    private static byte[] AsGrey(ReadOnlySpan<byte> file)
    {
        using var grey = new MemoryStream();
        grey.Write(file[..8]);
        byte[] header = [.. file.Slice(HeaderAt, HeaderLength)];
        header[ColorTypeAt - HeaderAt] = Grey;
        PngChunk.Write(grey, "IHDR"u8, header);
        foreach (var chunk in new PngChunks(file))
            if (chunk.IsOf("IDAT"u8) || chunk.IsOf("IEND"u8))
                grey.Write(file[chunk.Start..chunk.End]);
        return grey.ToArray();
    }

    private static (int Width, int Height) Check(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        if (file.Length < HeaderAt + HeaderLength || !file[12..HeaderAt].SequenceEqual("IHDR"u8))
            throw Refusal.Damaged(Name);
        limits.Check(BinaryPrimitives.ReadUInt32BigEndian(file[HeaderAt..]), BinaryPrimitives.ReadUInt32BigEndian(file[(HeaderAt + 4)..]));
        if (!Holds(file, "IEND"u8))
            throw Refusal.Damaged(Name, "the end is missing");
        foreach (var chunk in new PngChunks(file))
            if (chunk.IsNeeded && !(chunk.IsOf("IHDR"u8) || chunk.IsOf("PLTE"u8) || chunk.IsOf("IDAT"u8) || chunk.IsOf("IEND"u8)))
                throw Refusal.Damaged(Name, "it has a chunk that is needed and unknown");
        return (BinaryPrimitives.ReadInt32BigEndian(file[HeaderAt..]), BinaryPrimitives.ReadInt32BigEndian(file[(HeaderAt + 4)..]));
    }

    private static bool Holds(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type)
    {
        foreach (var chunk in new PngChunks(file))
            if (chunk.IsOf(type))
                return true;
        return false;
    }
}
