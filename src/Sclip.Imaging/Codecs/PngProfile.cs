using System.IO.Compression;
using System.Text;

namespace Sclip.Imaging.Codecs;

/// <summary>An EXIF block as digits in a PNG's text, <c>Raw profile type exif</c>, as ImageMagick writes it: its name, its length and the bytes, each in lines.</summary>
internal static class PngProfile
{
    // What EXIF holds beside thumbnails is far smaller; a text that is larger unpacked is passed over.
    private const int MostBytes = 1 << 20;
    private const int KeywordLength = 22;

    /// <summary>The block; null where there is none, or it is odd.</summary>
    public static byte[]? Find(ReadOnlySpan<byte> file)
    {
        foreach (var chunk in new PngChunks(file))
        {
            var (isPlain, isPacked) = (chunk.IsOf("tEXt"u8), chunk.IsOf("zTXt"u8));
            if (!isPlain && !isPacked || chunk.Content.Length <= KeywordLength || !chunk.Content.StartsWith("Raw profile type exif\0"u8) && !chunk.Content.StartsWith("Raw profile type APP1\0"u8))
                continue;
            // Of a packed text, a byte names the way it is packed, of which there is one.
            var text = isPlain ? chunk.Content[KeywordLength..].ToArray() : Unpack(chunk.Content[(KeywordLength + 1)..]);
            if (text is not null && Block(Encoding.Latin1.GetString(text)) is { } block)
                return block;
        }
        return null;
    }

    private static byte[]? Unpack(ReadOnlySpan<byte> packed)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            var text = new byte[MostBytes];
            var length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return length < MostBytes ? text[..length] : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[]? Block(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        try
        {
            return lines.Length > 2 ? Convert.FromHexString(string.Concat(lines[2..])) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
