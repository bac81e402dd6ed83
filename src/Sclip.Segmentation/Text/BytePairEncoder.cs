using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Sclip.Segmentation.Text;

/// <summary>
/// Byte-level byte-pair encoding: a word's UTF-8 bytes, the last marked as the word's end, are merged by ascending rank of their pairs.
/// Safe for several threads.
/// </summary>
internal sealed class BytePairEncoder
{
    // Templates repeat their words for every class name, hence the cache; names of a huge label set must not fill the memory.
    private const int LargestCache = 1 << 16;
    private const string EndOfWord = "</w>";

    private readonly Dictionary<string, int> _vocabulary;
    private readonly string _vocabularyPath;
    private readonly int[] _inner = new int[256], _last = new int[256];
    private readonly Dictionary<(int Left, int Right), (int Rank, int Merged)> _merges = [];
    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private int _cached;

    private BytePairEncoder(string vocabularyPath, Dictionary<string, int> vocabulary)
    {
        (_vocabularyPath, _vocabulary) = (vocabularyPath, vocabulary);
        var unprintable = 0;
        for (var b = 0; b < 256; b++)
        {
            // The published vocabularies spell a byte by the printable character of that number; the others follow from U+0100 on.
            var symbol = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? ((char)b).ToString() : ((char)(256 + unprintable++)).ToString();
            _inner[b] = IdOf(symbol);
            _last[b] = IdOf(symbol + EndOfWord);
        }
    }

    /// <summary>Reads vocab.json and merges.txt of a model directory; ids must be below the vocabulary size.</summary>
    /// <exception cref="ModelFormatException">One is missing or corrupt, or they do not fit together.</exception>
    public static BytePairEncoder Load(string directory, int vocabularySize)
    {
        var vocabularyPath = Path.Combine(directory, "vocab.json");
        var encoder = new BytePairEncoder(vocabularyPath, ReadVocabulary(vocabularyPath, vocabularySize));
        encoder.ReadMerges(Path.Combine(directory, "merges.txt"));
        return encoder;
    }

    /// <summary>The id of a token that must be there.</summary>
    public int IdOf(string token) => _vocabulary.TryGetValue(token, out var id)
        ? id
        : throw new ModelFormatException($"{_vocabularyPath}: token '{token}' is missing; it is no vocabulary of a CLIP model.");

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

    private static Dictionary<string, int> ReadVocabulary(string path, int vocabularySize)
    {
        using var document = ModelFiles.ReadJson(path);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"{path}: not a JSON object of tokens and their ids.");
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var tokenOfId = new string?[vocabularySize];
        foreach (var item in document.RootElement.EnumerateObject())
        {
            if (item.Value.ValueKind != JsonValueKind.Number || !item.Value.TryGetInt32(out var id) || id < 0 || id >= vocabularySize)
                throw new ModelFormatException($"{path}: the id of '{item.Name}' is {item.Value.GetRawText()}; ids are 0..{vocabularySize - 1} by config.json.");
            if (tokenOfId[id] is { } other)
                throw new ModelFormatException($"{path}: '{other}' and '{item.Name}' both have id {id}.");
            if (!vocabulary.TryAdd(item.Name, id))
                throw new ModelFormatException($"{path}: token '{item.Name}' is there twice.");
            tokenOfId[id] = item.Name;
        }
        return vocabulary;
    }

    private void ReadMerges(string path)
    {
        var lines = Encoding.UTF8.GetString(ModelFiles.ReadBytes(path)).TrimEnd('\n', '\r').Split('\n');
        for (var i = lines[0].StartsWith("#version", StringComparison.Ordinal) ? 1 : 0; i < lines.Length; i++)
        {
            if (lines[i].TrimEnd('\r').Split(' ') is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw new ModelFormatException($"{path}, line {i + 1}: a merge is two symbols separated by a space.");
            if (!_vocabulary.TryGetValue(left, out var leftId) || !_vocabulary.TryGetValue(right, out var rightId)
                || !_vocabulary.TryGetValue(left + right, out var merged))
                throw new ModelFormatException($"{path}, line {i + 1}: '{left}', '{right}' or '{left}{right}' is not in {Path.GetFileName(_vocabularyPath)}.");
            if (!_merges.TryAdd((leftId, rightId), (i, merged)))
                throw new ModelFormatException($"{path}, line {i + 1}: the merge '{left} {right}' is there twice.");
        }
        RequireAllMerges(path);
    }

    /// <summary>Every token is a byte's, special, or made by a merge; with a merge missing, names would fall into other tokens than those the model learned.</summary>
    private void RequireAllMerges(string path)
    {
        var bytes = _inner.Concat(_last).ToHashSet();
        var made = _merges.Values.Select(merge => merge.Merged).ToHashSet();
        var byMerges = _vocabulary.Where(token => !bytes.Contains(token.Value) && !IsSpecial(token.Key)).ToArray();
        var missing = byMerges.Where(token => !made.Contains(token.Value)).OrderBy(token => token.Value).Select(token => token.Key).FirstOrDefault();
        if (missing is not null)
            throw new ModelFormatException(
                $"{path} has {_merges.Count} merges, and {Path.GetFileName(_vocabularyPath)} {byMerges.Length} tokens that are made by them, but '{missing}' by none of these: the file is cut or of another model.");
    }

    private static bool IsSpecial(string token) => token.StartsWith("<|", StringComparison.Ordinal) && token.EndsWith("|>", StringComparison.Ordinal);
}
