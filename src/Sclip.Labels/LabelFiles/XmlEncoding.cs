using System.Text;
using System.Text.RegularExpressions;

namespace Sclip.Labels;

/// <summary>The encoding that an XML file declares.</summary>
internal static partial class XmlEncoding
{
    private const int LongestDeclaration = 200;

    /// <summary>The encoding of one byte a letter, or of several, that is declared; null where there is none, or it is Unicode, which a text shows by itself.</summary>
    /// <exception cref="LabelSetException">The encoding is not known.</exception>
    public static Encoding? Declared(ReadOnlySpan<byte> file, string source)
    {
        if (!file.StartsWith("<?xml"u8) || Declaration().Match(Encoding.Latin1.GetString(file[..Math.Min(file.Length, LongestDeclaration)])) is not { Success: true } match)
            return null;
        var name = match.Groups[1].Value;
        // What stands there as single bytes is UTF-8 even where it says UTF-16, as some writers of XML do.
        if (name.StartsWith("utf", StringComparison.OrdinalIgnoreCase))
            return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException error)
        {
            throw new LabelSetException($"{source}, line 1: the encoding '{name}' is not known; save it as UTF-8.", error);
        }
    }

    [GeneratedRegex("""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")]
    private static partial Regex Declaration();
}
