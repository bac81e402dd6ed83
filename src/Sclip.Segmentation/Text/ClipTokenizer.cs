using System.Text;
using System.Text.Json;

namespace Sclip.Segmentation.Text;

/// <summary>Token ids of a prompt, from start-of-text to end-of-text.</summary>
/// <param name="Ids">At most the context's length; where the text was cut, the last one is end-of-text all the same.</param>
/// <param name="Truncated">Whether the text was cut.</param>
internal readonly record struct TokenizedText(int[] Ids, bool Truncated);

/// <summary>CLIP's byte-level BPE: words as UTF-8 bytes, the last one marked, joined pair by pair in the order of the merges.</summary>
internal sealed class ClipTokenizer
{
    private const string EndOfWord = "</w>";

    private readonly int _contextLength, _start, _end;
    private readonly int[] _bytes, _lastBytes;
    private readonly Dictionary<(int Left, int Right), (int Rank, int Joined)> _merges;

    private ClipTokenizer(int contextLength, Dictionary<string, int> vocabulary, string[] merges, string vocabularyPath, string mergesPath)
    {
        int Id(string token, string path) => vocabulary.TryGetValue(token, out var id)
            ? id
            : throw new ModelFormatException($"{path}: '{token}' is not in the vocabulary.");

        _contextLength = contextLength;
        (_start, _end) = (Id(WordSplitter.StartOfText, vocabularyPath), Id(WordSplitter.EndOfText, vocabularyPath));
        var alphabet = Alphabet();
        _bytes = [.. alphabet.Select(c => Id(c.ToString(), vocabularyPath))];
        _lastBytes = [.. alphabet.Select(c => Id(c + EndOfWord, vocabularyPath))];
        _merges = new(merges.Length);
        for (var rank = 0; rank < merges.Length; rank++)
        {
            if (merges[rank].Split(' ') is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw new ModelFormatException($"{mergesPath}: '{merges[rank]}' is no pair of tokens.");
            _merges.TryAdd((Id(left, mergesPath), Id(right, mergesPath)), (rank, Id(left + right, mergesPath)));
        }
    }

    /// <summary>Reads vocab.json and merges.txt of a model directory.</summary>
    /// <exception cref="ModelFormatException">A file is missing or corrupt.</exception>
    public static ClipTokenizer Load(string directory, int contextLength, int vocabularySize)
    {
        var vocabularyPath = Path.Combine(directory, "vocab.json");
        var mergesPath = Path.Combine(directory, "merges.txt");
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        using (var document = ModelFiles.ReadJson(vocabularyPath))
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ModelFormatException($"{vocabularyPath}: not a JSON object.");
            foreach (var item in document.RootElement.EnumerateObject())
            {
                if (item.Value.ValueKind != JsonValueKind.Number || !item.Value.TryGetInt32(out var id) || id < 0 || id >= vocabularySize)
                    throw new ModelFormatException($"{vocabularyPath}: '{item.Name}' has id {item.Value.GetRawText()}; config.json says vocab_size {vocabularySize}.");
                if (!vocabulary.TryAdd(item.Name, id))
                    throw new ModelFormatException($"{vocabularyPath}: '{item.Name}' is there twice.");
            }
        }
        var merges = Encoding.UTF8.GetString(ModelFiles.ReadBytes(mergesPath))
            .Split('\n').Select(line => line.TrimEnd('\r')).Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal)));
        return new ClipTokenizer(contextLength, vocabulary, [.. merges], vocabularyPath, mergesPath);
    }

    public TokenizedText Tokenize(string text)
    {
        var ids = new List<int> { _start };
        foreach (var word in WordSplitter.Split(TextCleaning.Clean(text)))
            Append(word, ids);
        ids.Add(_end);
        if (ids.Count <= _contextLength)
            return new TokenizedText([.. ids], Truncated: false);
        ids.RemoveRange(_contextLength, ids.Count - _contextLength);
        ids[^1] = _end;
        return new TokenizedText([.. ids], Truncated: true);
    }

    private void Append(string word, List<int> ids)
    {
        if (word is WordSplitter.StartOfText or WordSplitter.EndOfText)
        {
            ids.Add(word == WordSplitter.StartOfText ? _start : _end);
            return;
        }
        var bytes = Encoding.UTF8.GetBytes(word);
        var symbols = new List<int>(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
            symbols.Add((i == bytes.Length - 1 ? _lastBytes : _bytes)[bytes[i]]);
        while (FirstMerge(symbols) is { } pair)
            Join(symbols, pair);
        ids.AddRange(symbols);
    }

    private (int Left, int Right)? FirstMerge(List<int> symbols)
    {
        (int, int)? first = null;
        var best = int.MaxValue;
        for (var i = 1; i < symbols.Count; i++)
            if (_merges.TryGetValue((symbols[i - 1], symbols[i]), out var merge) && merge.Rank < best)
                (first, best) = ((symbols[i - 1], symbols[i]), merge.Rank);
        return first;
    }

    private void Join(List<int> symbols, (int Left, int Right) pair)
    {
        var joined = _merges[pair].Joined;
        var kept = 0;
        for (var i = 0; i < symbols.Count; i++)
        {
            var isPair = symbols[i] == pair.Left && i + 1 < symbols.Count && symbols[i + 1] == pair.Right;
            symbols[kept++] = isPair ? joined : symbols[i];
            if (isPair)
                i++;
        }
        symbols.RemoveRange(kept, symbols.Count - kept);
    }

    /// <summary>A printable character for each byte: its own where it has one, else one from 256 on.</summary>
    private static char[] Alphabet()
    {
        var alphabet = new char[256];
        var next = (char)256;
        for (var i = 0; i < alphabet.Length; i++)
            alphabet[i] = i is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)i : next++;
        return alphabet;
    }
}
