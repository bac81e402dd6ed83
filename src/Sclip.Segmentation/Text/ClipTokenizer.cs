using System.Globalization;
using System.Text;

namespace Sclip.Segmentation.Text;

/// <summary>CLIP's tokenizer: cleans a text, cuts it into words and encodes them as byte pairs.</summary>
internal sealed class ClipTokenizer
{
    public const string StartOfText = "<|startoftext|>", EndOfText = "<|endoftext|>";
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private readonly BytePairEncoder _encoder;
    private readonly int _contextLength, _startOfText, _endOfText;

    private ClipTokenizer(BytePairEncoder encoder, int contextLength)
    {
        (_encoder, _contextLength) = (encoder, contextLength);
        _startOfText = encoder.IdOf(StartOfText);
        _endOfText = encoder.IdOf(EndOfText);
    }

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <summary>Reads the vocabulary of a Hugging Face CLIP directory: vocab.json and merges.txt, else tokenizer.json.</summary>
    /// <param name="directory">The model.</param>
    /// <param name="contextLength">Tokens of the longest text, start and end included; 2 at least.</param>
    /// <param name="vocabularySize">Tokens that the model has embeddings of.</param>
    /// <param name="warn">Told where both are there and disagree.</param>
    /// <exception cref="ModelFormatException">A file is missing or corrupt, or of another tokenizer.</exception>
    public static ClipTokenizer Load(string directory, int contextLength, int vocabularySize, Action<string>? warn = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 2);
        return new(new BytePairEncoder(BytePairVocabulary.Load(directory, vocabularySize, warn)), contextLength);
    }

    /// <summary>
    /// The tokens of a text. One that does not fit the context is truncated, its last token made end-of-text. Behind the first
    /// end-of-text nothing is kept: there the model reads the text's feature.
    /// </summary>
    public TokenizedText Tokenize(string text)
    {
        var ids = new List<int> { _startOfText };
        AppendWords(TextCleaner.Clean(text), ids);
        ids.Add(_endOfText);
        var truncated = ids.Count > _contextLength;
        if (truncated)
        {
            ids.RemoveRange(_contextLength, ids.Count - _contextLength);
            ids[^1] = _endOfText;
        }
        return new([.. ids[..(ids.IndexOf(_endOfText) + 1)]], truncated);
    }

    /// <summary>
    /// Cuts as CLIP's pattern <c>startoftext|endoftext|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+</c> does, but by
    /// Unicode scalars: .NET's expressions see letters beyond U+FFFF as two halves that are no letters.
    /// </summary>
    private void AppendWords(string text, List<int> ids)
    {
        for (var at = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at);
            var kind = KindAt(rest, out var length);
            if (rest.StartsWith(StartOfText, StringComparison.Ordinal))
            {
                ids.Add(_startOfText);
                at += StartOfText.Length;
                continue;
            }
            if (rest.StartsWith(EndOfText, StringComparison.Ordinal))
            {
                ids.Add(_endOfText);
                at += EndOfText.Length;
                continue;
            }
            if (ContractionLength(rest) is > 0 and var contraction)
                length = contraction;
            else if (kind is Kind.Letter or Kind.Other)
                while (length < rest.Length && KindAt(rest[length..], out var next) == kind)
                    length += next;
            if (kind != Kind.Space)
                ids.AddRange(_encoder.Encode(rest[..length]));
            at += length;
        }
    }

    private static int ContractionLength(ReadOnlySpan<char> text)
    {
        if (text[0] == '\'')
            foreach (var contraction in Contractions)
                if (text.StartsWith(contraction, StringComparison.Ordinal))
                    return contraction.Length;
        return 0;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, out int length)
    {
        Rune.DecodeFromUtf16(text, out var rune, out length);
        return Rune.GetUnicodeCategory(rune) switch
        {
            _ when Rune.IsWhiteSpace(rune) => Kind.Space,
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }
}
