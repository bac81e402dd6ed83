using System.Buffers.Binary;
using Sclip.Contracts;

namespace Sclip.Imaging.Codecs.ImageSharp;

/// <summary>A PNG of header, palette, transparency and data alone, whole to its end chunk.</summary>
internal static class BarePng
{
    private const string Name = "PNG";
    private const int DepthAt = 8, ColorAt = 9;
    private const byte Grey = 0, Palette = 3, AlphaBit = 4;

    /// <exception cref="ImageDecodeException">The file is damaged, breaks off or exceeds a limit.</exception>
    public static BareFile Of(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var chunks = Open(file, limits, out var width, out var height);
        var content = new MemoryStream(file.Length);
        content.Write(PngChunks.Signature);
        content.Write(chunks.Whole);
        var hasAlpha = (chunks.Data[ColorAt] & AlphaBit) != 0;
        CopyData(ref chunks, content, withColors: true, ref hasAlpha);
        return new BareFile(Name, content, width, height, hasAlpha);
    }

    /// <summary>A palette or grey PNG as a grey one: ImageSharp would give a palette's colours for the values.</summary>
    /// <param name="file">The PNG.</param>
    /// <param name="limits">What it may be at most.</param>
    /// <param name="depth">Bits of a value: 1, 2, 4, 8 or 16.</param>
    /// <exception cref="ImageDecodeException">The file is no such PNG, is damaged, breaks off or exceeds a limit.</exception>
    public static BareFile OfValues(ReadOnlySpan<byte> file, ImageLimits limits, out int depth)
    {
        var chunks = Open(file, limits, out var width, out var height);
        var content = new MemoryStream(file.Length);
        byte[] header = [.. chunks.Data];
        if ((header[ColorAt], header[DepthAt]) is not ((Grey, 1 or 2 or 4 or 8 or 16) or (Palette, 1 or 2 or 4 or 8)))
            throw Refusal.NoMask(header[ColorAt], header[DepthAt]);
        (depth, header[ColorAt]) = (header[DepthAt], Grey);
        content.Write(PngChunks.Signature);
        PngChunks.Write(content, "IHDR"u8, header);
        var hasAlpha = false;
        CopyData(ref chunks, content, withColors: false, ref hasAlpha);
        return new BareFile(Name, content, width, height, hasAlpha);
    }

    /// <summary>A grey PNG of 8 bits, its values made indices of a palette.</summary>
    public static byte[] WithPalette(ReadOnlySpan<byte> grey, IReadOnlyList<RgbColor> palette)
    {
        var chunks = new PngChunks(grey);
        chunks.Move();
        byte[] header = [.. chunks.Data];
        header[ColorAt] = Palette;
        using var content = new MemoryStream(grey.Length + palette.Count * 3 + 12);
        content.Write(PngChunks.Signature);
        PngChunks.Write(content, "IHDR"u8, header);
        PngChunks.Write(content, "PLTE"u8, [.. palette.SelectMany(color => new[] { color.R, color.G, color.B })]);
        var hasAlpha = false;
        CopyData(ref chunks, content, withColors: false, ref hasAlpha);
        return content.ToArray();
    }

    /// <summary>Stands at the header.</summary>
    private static PngChunks Open(ReadOnlySpan<byte> file, ImageLimits limits, out int width, out int height)
    {
        if (!file.StartsWith(PngChunks.Signature))
            throw Refusal.Damaged(Name, "its signature is wrong");
        var chunks = new PngChunks(file);
        chunks.Move();
        if (!chunks.Type.SequenceEqual("IHDR"u8) || chunks.Data.Length != 13 || !chunks.IsIntact)
            throw Refusal.Damaged(Name, "its header cannot be read");
        var (wide, high) = (BinaryPrimitives.ReadUInt32BigEndian(chunks.Data), BinaryPrimitives.ReadUInt32BigEndian(chunks.Data[4..]));
        limits.Check(wide, high);
        (width, height) = ((int)wide, (int)high);
        return chunks;
    }

    /// <summary>Copies the chunks from the header to the end chunk that matter.</summary>
    private static void CopyData(ref PngChunks chunks, MemoryStream content, bool withColors, ref bool hasTransparency)
    {
        do
        {
            chunks.Move();
            var isTransparency = chunks.Type.SequenceEqual("tRNS"u8);
            if (chunks.Type.SequenceEqual("PLTE"u8) || isTransparency)
            {
                hasTransparency |= isTransparency;
                if (withColors)
                    content.Write(chunks.Whole);
            }
            else if (chunks.Type.SequenceEqual("IDAT"u8) || chunks.Type.SequenceEqual("IEND"u8))
            {
                content.Write(chunks.Whole);
            }
            else if (char.IsAsciiLetterUpper((char)chunks.Type[0]) || !char.IsAsciiLetterLower((char)chunks.Type[0]))
            {
                throw Refusal.Damaged(Name, "a chunk is unknown that the picture needs");
            }
        }
        while (!chunks.Type.SequenceEqual("IEND"u8));
        content.Position = 0;
    }
}
