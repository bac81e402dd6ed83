using System.Globalization;
using System.Net;
using System.Text;
using Sclip.Labels;

namespace Sclip.Segmentation.Text;

/// <summary>
/// What CLIP's tokenizer does to a text before it is cut into words: mends typography, resolves HTML entities, collapses white space,
/// lower-cases. It works on Unicode scalars, so that it does the same with and without globalisation data.
/// </summary>
internal static class TextCleaner
{
    private const int CapitalIWithDot = 0x130, CapitalSigma = 0x3A3, FinalSigma = 0x3C2;

    public static string Clean(string text)
    {
        // Entities are resolved twice, as CLIP does, for texts that were escaped twice.
        var unescaped = WebUtility.HtmlDecode(WebUtility.HtmlDecode(text));
        return Lower(WhiteSpace.Collapse(CanonicalComposition.Compose(MendTypography(unescaped))));
    }

    /// <summary>Straightens quotes, takes ligatures apart, and replaces halves of surrogate pairs.</summary>
    private static string MendTypography(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                0x2BC or (>= 0x2018 and <= 0x201B) => result.Append('\''),
                >= 0x201C and <= 0x201F => result.Append('"'),
                0x132 => result.Append("IJ"),
                0x133 => result.Append("ij"),
                0x149 => result.Append("'n"),
                0x1C4 => result.Append("DŽ"),
                0x1C5 => result.Append("Dž"),
                0x1C6 => result.Append("dž"),
                0x1C7 => result.Append("LJ"),
                0x1C8 => result.Append("Lj"),
                0x1C9 => result.Append("lj"),
                0x1CA => result.Append("NJ"),
                0x1CB => result.Append("Nj"),
                0x1CC => result.Append("nj"),
                0x1F1 => result.Append("DZ"),
                0x1F2 => result.Append("Dz"),
                0x1F3 => result.Append("dz"),
                0xFB00 => result.Append("ff"),
                0xFB01 => result.Append("fi"),
                0xFB02 => result.Append("fl"),
                0xFB03 => result.Append("ffi"),
                0xFB04 => result.Append("ffl"),
                0xFB05 => result.Append("ſt"),
                0xFB06 => result.Append("st"),
                _ => Append(result, rune),
            };
        }
        return result.ToString();
    }

    /// <summary>Unicode's full lower-casing: beyond the simple mapping it knows the dotted capital I and the sigma at a word's end.</summary>
    private static string Lower(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < runes.Length; i++)
        {
            _ = runes[i].Value switch
            {
                CapitalIWithDot => result.Append("i\u0307"),
                CapitalSigma when i > 0 && Rune.IsLetter(runes[i - 1]) && (i + 1 == runes.Length || !Rune.IsLetter(runes[i + 1])) =>
                    result.Append((char)FinalSigma),
                _ => Append(result, Rune.ToLower(runes[i], CultureInfo.InvariantCulture)),
            };
        }
        return result.ToString();
    }

    private static StringBuilder Append(StringBuilder result, Rune rune)
    {
        Span<char> utf16 = stackalloc char[2];
        return result.Append(utf16[..rune.EncodeToUtf16(utf16)]);
    }
}
