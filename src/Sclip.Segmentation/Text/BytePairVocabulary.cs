using System.Text.Json;

namespace Sclip.Segmentation.Text;

/// <summary>The vocabulary of a byte-pair encoding, as the files of a model spell it.</summary>
internal sealed record BytePairVocabulary
{
    /// <summary>The file that the tokens stand in.</summary>
    public required string Path { get; init; }

    /// <summary>What messages call the tokens, where the file is clear.</summary>
    public required string TokensName { get; init; }

    /// <summary>What messages call the merges.</summary>
    public required string MergesName { get; init; }

    /// <summary>The id of each token.</summary>
    public required Dictionary<string, int> Tokens { get; init; }

    /// <summary>The pairs of symbols that are merged, by ascending rank.</summary>
    public required IReadOnlyList<(string Left, string Right)> Merges { get; init; }

    /// <summary>Where the merge of a rank stands.</summary>
    public required Func<int, string> PlaceOf { get; init; }

    /// <summary>Reads the vocabulary of a model directory: vocab.json and merges.txt, else tokenizer.json, else, for OpenCLIP's models, CLIP's own.</summary>
    /// <param name="directory">The model.</param>
    /// <param name="vocabularySize">Tokens that the model has embeddings of; ids are below it.</param>
    /// <param name="warn">Told where both are there and disagree.</param>
    /// <exception cref="ModelFormatException">A file is missing or corrupt, or of another tokenizer than CLIP's.</exception>
    public static BytePairVocabulary Load(string directory, int vocabularySize, Action<string>? warn)
    {
        var path = System.IO.Path.Combine(directory, TokenizerFile.Name);
        if (ModelDirectory.UsesVocabularyOfClip(directory))
            return ClipVocabulary.Read(directory, vocabularySize);
        if (PathsIn(directory) is [var single])
            return TokenizerFile.Read(single, vocabularySize);
        if (!VocabularyFiles.AreIn(directory))
            ForeignModels.RefuseTokenizerOf(directory);
        var vocabulary = VocabularyFiles.Read(directory, vocabularySize);
        if (warn is not null && File.Exists(path) && vocabulary.DifferenceFrom(path) is { } difference)
            warn($"{VocabularyFiles.Tokens} and {VocabularyFiles.Merges} are read, and {TokenizerFile.Name} beside them is not the same: {difference} Delete what is out of date.");
        return vocabulary;
    }

    /// <summary>The files that are read; none where CLIP's own vocabulary is taken.</summary>
    public static string[] PathsIn(string directory)
    {
        if (ModelDirectory.UsesVocabularyOfClip(directory))
            return [];
        var path = System.IO.Path.Combine(directory, TokenizerFile.Name);
        return File.Exists(path) && !VocabularyFiles.AreIn(directory) ? [path] : VocabularyFiles.PathsIn(directory);
    }

    /// <summary>Reads a JSON object of tokens and their ids.</summary>
    public static Dictionary<string, int> ReadTokens(string path, JsonElement tokens, int vocabularySize)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var tokenOfId = new string?[vocabularySize];
        foreach (var item in tokens.EnumerateObject())
        {
            var id = ReadId(path, item.Name, item.Value, vocabularySize);
            if (tokenOfId[id] is { } other)
                throw new ModelFormatException($"{path}: '{other}' and '{item.Name}' both have id {id}.");
            if (!vocabulary.TryAdd(item.Name, id))
                throw new ModelFormatException($"{path}: token '{item.Name}' is there twice.");
            tokenOfId[id] = item.Name;
        }
        return vocabulary;
    }

    public static int ReadId(string path, string token, JsonElement value, int vocabularySize) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) && id >= 0 && id < vocabularySize
            ? id
            : throw new ModelFormatException($"{path}: the id of '{token}' is {value.GetRawText()}; ids are 0..{vocabularySize - 1} by config.json.");

    /// <summary>Whether a token stands for no text.</summary>
    public static bool IsSpecial(string token) => token.StartsWith("<|", StringComparison.Ordinal) && token.EndsWith("|>", StringComparison.Ordinal);

    private string? DifferenceFrom(string tokenizer)
    {
        try
        {
            return TokenizerFile.DifferenceFrom(this, tokenizer);
        }
        catch (ModelFormatException error)
        {
            return error.Message;
        }
    }
}
