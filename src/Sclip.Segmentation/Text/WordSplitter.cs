using System.Globalization;
using System.Text;

namespace Sclip.Segmentation.Text;

/// <summary>
/// Cuts cleaned text into the words that CLIP's pattern matches: special tokens, contractions, runs of letters, single digits, runs of
/// anything else but white space. By hand, since the runtime's \p{L} does not see letters beyond the basic plane.
/// </summary>
internal static class WordSplitter
{
    public const string StartOfText = "<|startoftext|>";
    public const string EndOfText = "<|endoftext|>";

    private static readonly string[] Literals = [StartOfText, EndOfText, "'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        WhiteSpace,
        Letter,
        Number,
        Other,
    }

    public static IEnumerable<string> Split(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var kind = KindAt(text, start, out var length);
            if (kind == Kind.WhiteSpace)
            {
                start += length;
                continue;
            }
            var literal = Array.Find(Literals, literal => string.CompareOrdinal(text, start, literal, 0, literal.Length) == 0);
            var end = start + (literal?.Length ?? length);
            if (literal is null && kind != Kind.Number)
                while (end < text.Length && KindAt(text, end, out length) == kind)
                    end += length;
            yield return text[start..end];
            start = end;
        }
    }

    private static Kind KindAt(string text, int index, out int length)
    {
        var rune = Rune.GetRuneAt(text, index);
        length = rune.Utf16SequenceLength;
        if (Rune.IsWhiteSpace(rune))
            return Kind.WhiteSpace;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }
}
