using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sclip.Imaging.Codecs.Sharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace Sclip.Imaging.Codecs.Portable;

/// <summary>PNG by ImageSharp: every colour type and depth, interlaced or not. That the file is whole is checked before (<see cref="PngData"/>).</summary>
internal static class PortablePng
{
    private const string Name = "PNG";
    private const byte Grey = 0, Rgb = 2, PaletteType = 3, GreyAlpha = 4, Rgba = 6, AlphaBit = 4;
    private const int SignatureLength = 8, HeaderAt = 16, HeaderLength = 13, DepthAt = 24, ColorTypeAt = 25, InterlaceAt = 28;

    // The width of what interlacing repeats: narrower pictures lack passes, which ImageSharp does not read in every case.
    private const int LeastInterlacedWidth = 8;

    public static DecodedPixels Decode(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken)
    {
        var (width, height) = Check(file, limits, cancellationToken);
        var (is16Bit, isKeyed) = (file[DepthAt] == 16, Holds(file, "tRNS"u8));
        var hasAlpha = (file[ColorTypeAt] & AlphaBit) != 0 || isKeyed;
        return SharpDecoder.Decode(is16Bit && isKeyed ? WithKeySwapped(file) : file, Name, new PngDecoder { IgnoreMetadata = true }, new SharpHeader(width, height, hasAlpha, is16Bit), cancellationToken);
    }

    /// <summary>The values of a palette or grey PNG of 1, 2, 4, 8 or 16 bits, as they are stored.</summary>
    public static (ushort[] Values, int Width, int Height) DecodeValues(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var (width, height) = Check(file, limits, CancellationToken.None);
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

    /// <summary>A file whose transparent colour has the bytes of each value in the other order, in which ImageSharp reads them.</summary>
    private static byte[] WithKeySwapped(ReadOnlySpan<byte> file)
    {
        using var swapped = new MemoryStream();
        swapped.Write(file[..SignatureLength]);
        foreach (var chunk in new PngChunks(file))
            if (chunk.IsOf("tRNS"u8) && chunk.Content.Length % 2 == 0)
                PngChunk.Write(swapped, "tRNS"u8, [.. MemoryMarshal.Cast<byte, ushort>(chunk.Content).ToArray().SelectMany(value => BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(value)))]);
            else
                swapped.Write(file[chunk.Start..chunk.End]);
        return swapped.ToArray();
    }

    /// <summary>A file whose values are grey, of one whose values are places in a palette: ImageSharp keeps the colours alone.</summary>
    private static byte[] AsGrey(ReadOnlySpan<byte> file)
    {
        using var grey = new MemoryStream();
        grey.Write(file[..SignatureLength]);
        byte[] header = [.. file.Slice(HeaderAt, HeaderLength)];
        header[ColorTypeAt - HeaderAt] = Grey;
        PngChunk.Write(grey, "IHDR"u8, header);
        foreach (var chunk in new PngChunks(file))
            if (chunk.IsOf("IDAT"u8) || chunk.IsOf("IEND"u8))
                grey.Write(file[chunk.Start..chunk.End]);
        return grey.ToArray();
    }

    private static (int Width, int Height) Check(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken)
    {
        if (file.Length < HeaderAt + HeaderLength || !file[12..HeaderAt].SequenceEqual("IHDR"u8))
            throw Refusal.Damaged(Name);
        limits.Check(BinaryPrimitives.ReadUInt32BigEndian(file[HeaderAt..]), BinaryPrimitives.ReadUInt32BigEndian(file[(HeaderAt + 4)..]));
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(file[HeaderAt..]), BinaryPrimitives.ReadInt32BigEndian(file[(HeaderAt + 4)..]));
        if (file[InterlaceAt] != 0 && width < LeastInterlacedWidth)
            throw Refusal.NarrowInterlaced(LeastInterlacedWidth);
        if (file[ColorTypeAt] == PaletteType && !Holds(file, "PLTE"u8))
            throw Refusal.Damaged(Name, "it has no palette");
        PngData.RequireWhole(file, width, height, file[DepthAt] * ChannelsOf(file[ColorTypeAt]), isInterlaced: file[InterlaceAt] != 0, cancellationToken);
        return (width, height);
    }

    private static int ChannelsOf(byte colorType) => colorType switch
    {
        Grey or PaletteType => 1,
        GreyAlpha => 2,
        Rgb => 3,
        Rgba => 4,
        _ => throw Refusal.Damaged(Name, $"there is no colour type {colorType}"),
    };

    private static bool Holds(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type)
    {
        foreach (var chunk in new PngChunks(file))
            if (chunk.IsOf(type))
                return true;
        return false;
    }
}
