using System.Text;

namespace Sclip.Labels;

/// <summary>White space in names and prompts, by Unicode scalars: the same with and without globalisation data.</summary>
public static class WhiteSpace
{
    /// <summary>Runs of white space become one space; none is left at the ends.</summary>
    public static string Collapse(string text)
    {
        var result = new StringBuilder(text.Length);
        var pending = false;
        Span<char> utf16 = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                pending = result.Length > 0;
                continue;
            }
            if (pending)
                result.Append(' ');
            pending = false;
            result.Append(utf16[..rune.EncodeToUtf16(utf16)]);
        }
        return result.ToString();
    }
}
