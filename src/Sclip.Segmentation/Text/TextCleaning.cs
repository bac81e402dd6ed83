using System.Net;
using System.Text;

namespace Sclip.Segmentation.Text;

/// <summary>
/// The cleaning before CLIP's tokenizer: of what ftfy repairs, curly quotes, ligatures, full-width letters and NFC; HTML entities,
/// twice; runs of white space; lower case as Python has it.
/// </summary>
internal static class TextCleaning
{
    public static string Clean(string text)
    {
        var unescaped = WebUtility.HtmlDecode(WebUtility.HtmlDecode(Repair(text)));
        return LowerCase(CollapseWhiteSpace(unescaped));
    }

    private static string Repair(string text)
    {
        var repaired = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            switch (c)
            {
                case '\u02BC' or '\u2018' or '\u2019' or '\u201A' or '\u201B': repaired.Append('\''); break;
                case '\u201C' or '\u201D' or '\u201E' or '\u201F': repaired.Append('"'); break;
                case >= '\uFB00' and <= '\uFB06' or >= '\uFF01' and <= '\uFF5E' or '\u0132' or '\u0133' or '\u01C7' or '\u01C8' or '\u01C9' or '\u01CA' or '\u01CB' or '\u01CC':
                    repaired.Append(c.ToString().Normalize(NormalizationForm.FormKC));
                    break;
                case '\uFEFF': break;
                default: repaired.Append(c); break;
            }
        }
        // Lone halves of surrogate pairs are no text: they cannot be normalised, nor written as UTF-8.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(repaired.ToString())).Normalize(NormalizationForm.FormC);
    }

    private static string CollapseWhiteSpace(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>As Python's str.lower: dotted I becomes two characters, sigma at the end of a word its final form.</summary>
    private static string LowerCase(string text)
    {
        var lower = new StringBuilder(text.Length + 1);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\u0130')
                lower.Append("i\u0307");
            else if (text[i] == '\u03A3' && i > 0 && char.IsLetter(text[i - 1]) && (i + 1 == text.Length || !char.IsLetter(text[i + 1])))
                lower.Append('\u03C2');
            else
                lower.Append(text[i]);
        }
        return lower.ToString().ToLowerInvariant();
    }
}
