using System.Buffers;
using System.Collections.Concurrent;
using System.Text;

namespace Sclip.Segmentation.Text;

/// <summary>
/// Byte-level byte-pair encoding: a word's UTF-8 bytes, the last marked as the word's end, are merged by ascending rank of their pairs.
/// Safe for several threads.
/// </summary>
internal sealed class BytePairEncoder
{
    // Templates repeat their words for every class name, hence the cache; names of a huge label set must not fill the memory.
    private const int LargestCache = 1 << 16;

    /// <summary>What the last symbol of a word is marked by.</summary>
    public const string EndOfWord = "</w>";

    private readonly BytePairVocabulary _vocabulary;
    private readonly int[] _inner = new int[256], _last = new int[256];
    private readonly Dictionary<(int Left, int Right), (int Rank, int Merged)> _merges = [];
    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private int _cached;

    /// <exception cref="ModelFormatException">Tokens and merges do not fit together.</exception>
    public BytePairEncoder(BytePairVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        var unprintable = 0;
        for (var b = 0; b < 256; b++)
        {
            // The published vocabularies spell a byte by the printable character of that number; the others follow from U+0100 on.
            var symbol = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? ((char)b).ToString() : ((char)(256 + unprintable++)).ToString();
            _inner[b] = IdOf(symbol);
            _last[b] = IdOf(symbol + EndOfWord);
        }
        AddMerges();
        RequireAllMerges();
    }

    /// <summary>The id of a token that must be there.</summary>
    public int IdOf(string token) => _vocabulary.Tokens.TryGetValue(token, out var id)
        ? id
        : throw new ModelFormatException($"{_vocabulary.Path}: token '{token}' is missing; it is no vocabulary of a CLIP model.");

    /// <summary>The tokens of one word.</summary>
    public int[] Encode(ReadOnlySpan<char> word)
    {
        var lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(word, out var known))
            return known;
        var tokens = Merge(word);
        if (_cached < LargestCache && lookup.TryAdd(word, tokens))
            Interlocked.Increment(ref _cached);
        return tokens;
    }

    private int[] Merge(ReadOnlySpan<char> word)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(word.Length));
        var count = Encoding.UTF8.GetBytes(word, bytes);
        var tokens = new int[count];
        for (var i = 0; i < count; i++)
            tokens[i] = (i < count - 1 ? _inner : _last)[bytes[i]];
        ArrayPool<byte>.Shared.Return(bytes);
        while (FindBestPair(tokens.AsSpan(0, count), out var pair, out var merged))
        {
            var kept = 0;
            for (var i = 0; i < count; i++)
            {
                var here = i + 1 < count && (tokens[i], tokens[i + 1]) == pair;
                tokens[kept++] = here ? merged : tokens[i];
                if (here)
                    i++;
            }
            count = kept;
        }
        return tokens[..count];
    }

    private bool FindBestPair(ReadOnlySpan<int> tokens, out (int Left, int Right) pair, out int merged)
    {
        (pair, merged) = (default, -1);
        var best = int.MaxValue;
        for (var i = 0; i + 1 < tokens.Length; i++)
            if (_merges.TryGetValue((tokens[i], tokens[i + 1]), out var merge) && merge.Rank < best)
                (best, pair, merged) = (merge.Rank, (tokens[i], tokens[i + 1]), merge.Merged);
        return merged >= 0;
    }

    private void AddMerges()
    {
        for (var rank = 0; rank < _vocabulary.Merges.Count; rank++)
        {
            var (left, right) = _vocabulary.Merges[rank];
            if (!_vocabulary.Tokens.TryGetValue(left, out var leftId) || !_vocabulary.Tokens.TryGetValue(right, out var rightId)
                || !_vocabulary.Tokens.TryGetValue(left + right, out var merged))
                throw new ModelFormatException($"{_vocabulary.PlaceOf(rank)}: '{left}', '{right}' or '{left}{right}' is not in {_vocabulary.TokensName}.");
            if (!_merges.TryAdd((leftId, rightId), (rank, merged)))
                throw new ModelFormatException($"{_vocabulary.PlaceOf(rank)}: the merge '{left} {right}' is there twice.");
        }
    }

    /// <summary>Every token is a byte's, special, or made by a merge; with a merge missing, names would fall into other tokens than those the model learned.</summary>
    private void RequireAllMerges()
    {
        var bytes = _inner.Concat(_last).ToHashSet();
        var made = _merges.Values.Select(merge => merge.Merged).ToHashSet();
        var byMerges = _vocabulary.Tokens.Where(token => !bytes.Contains(token.Value) && !BytePairVocabulary.IsSpecial(token.Key)).ToArray();
        var missing = byMerges.Where(token => !made.Contains(token.Value)).OrderBy(token => token.Value).Select(token => token.Key).FirstOrDefault();
        if (missing is not null)
            throw new ModelFormatException(
                $"{_vocabulary.MergesName} has {_merges.Count} merges, and {_vocabulary.TokensName} {byMerges.Length} tokens that are made by them, but '{missing}' by none of these: the file is cut or of another model.");
    }
}
