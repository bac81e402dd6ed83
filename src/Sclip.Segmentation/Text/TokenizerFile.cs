using System.Text.Json;

namespace Sclip.Segmentation.Text;

/// <summary>
/// tokenizer.json of Hugging Face's tokenizers: a whole tokenizer in one file, beside which transformers 5 saves no other. Its tokens and merges are
/// read if they are a byte-pair model's and its steps CLIP's; texts are then cut as CLIP's authors do, which is what those steps describe.
/// </summary>
internal sealed class TokenizerFile
{
    public const string Name = "tokenizer.json";

    private readonly string _path;
    private readonly JsonElement _root, _vocab, _merges;

    private TokenizerFile(string path, JsonElement root)
    {
        (_path, _root) = (path, root);
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"{path}: not a JSON object with a tokenizer's model.");
        TokenizerSteps.RequireClip(path, root, model);
        if (!model.TryGetProperty("vocab", out _vocab) || _vocab.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"{path}: model.vocab is no object of tokens and their ids.");
        if (!model.TryGetProperty("merges", out _merges) || _merges.ValueKind != JsonValueKind.Array)
            throw new ModelFormatException($"{path}: model.merges is no array of merges.");
    }

    private IEnumerable<(string Left, string Right)> Merges => _merges.EnumerateArray().Select(ReadMerge);

    /// <summary>Reads the vocabulary; ids must be below its size.</summary>
    /// <exception cref="ModelFormatException">The file is missing or corrupt, or another tokenizer's than CLIP's.</exception>
    public static BytePairVocabulary Read(string path, int vocabularySize)
    {
        using var document = ModelFiles.ReadJson(path);
        var file = new TokenizerFile(path, document.RootElement);
        var tokens = BytePairVocabulary.ReadTokens(path, file._vocab, vocabularySize);
        var tokenOfId = tokens.ToDictionary(token => token.Value, token => token.Key);
        foreach (var (token, value) in file.AddedTokens(tokens))
        {
            var id = BytePairVocabulary.ReadId(path, token, value, vocabularySize);
            if (tokens.TryGetValue(token, out var known) && known != id)
                throw new ModelFormatException($"{path}: '{token}' has id {known} in model.vocab, and {id} in added_tokens.");
            if (tokenOfId.TryGetValue(id, out var other) && other != token)
                throw new ModelFormatException($"{path}: '{other}' and '{token}' both have id {id}.");
            (tokens[token], tokenOfId[id]) = (id, token);
        }
        return new()
        {
            Path = path,
            TokensName = "model.vocab",
            MergesName = $"{path}: model.merges",
            Tokens = tokens,
            Merges = [.. file.Merges],
            PlaceOf = file.PlaceOf,
        };
    }

    /// <summary>Says what another vocabulary has that differs from a file's; null where it is the same.</summary>
    /// <exception cref="ModelFormatException">The file is corrupt, or another tokenizer's than CLIP's.</exception>
    public static string? DifferenceFrom(BytePairVocabulary vocabulary, string path)
    {
        using var document = ModelFiles.ReadJson(path);
        var file = new TokenizerFile(path, document.RootElement);
        var names = new HashSet<string>(vocabulary.Tokens.Count, StringComparer.Ordinal);
        foreach (var item in file._vocab.EnumerateObject())
        {
            if (!vocabulary.Tokens.TryGetValue(item.Name, out var id))
                return $"the token '{item.Name}' is in it alone.";
            if (item.Value.ValueKind != JsonValueKind.Number || !item.Value.TryGetInt32(out var other) || other != id)
                return $"the token '{item.Name}' has id {item.Value.GetRawText()} in it, and {id} in {vocabulary.TokensName}.";
            names.Add(item.Name);
        }
        names.UnionWith(file.AddedTokens(vocabulary.Tokens).Select(added => added.Token));
        if (vocabulary.Tokens.Keys.FirstOrDefault(token => !names.Contains(token)) is { } missing)
            return $"the token '{missing}' is not in it.";
        var rank = vocabulary.Merges.Zip(file.Merges).TakeWhile(pair => pair.First == pair.Second).Count();
        return rank == vocabulary.Merges.Count && rank == file._merges.GetArrayLength() ? null : $"its merges are others from rank {rank} on.";
    }

    /// <summary>
    /// Added tokens are cut out of a text before its words are. Those that the vocabulary has as well are marked so, and change no name; one that stands
    /// for no text may be further; any other would be a word of its own.
    /// </summary>
    private IEnumerable<(string Token, JsonElement Id)> AddedTokens(Dictionary<string, int> tokens)
    {
        if (!_root.TryGetProperty("added_tokens", out var added) || added.ValueKind == JsonValueKind.Null)
            yield break;
        if (added.ValueKind != JsonValueKind.Array)
            throw new ModelFormatException($"{_path}: added_tokens is no array of tokens.");
        foreach (var item in added.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.String || !item.TryGetProperty("id", out var id))
                throw new ModelFormatException($"{_path}: an added token is an object with content and id.");
            var token = content.GetString()!;
            if (!tokens.ContainsKey(token) && !BytePairVocabulary.IsSpecial(token))
                throw new ModelFormatException($"{_path}: added_tokens has '{token}', a word of its own beside CLIP's vocabulary, which is not supported. {ForeignModels.WhatFits}");
            yield return (token, id);
        }
    }

    private string PlaceOf(int rank) => $"{_path}: model.merges[{rank}]";

    // Versions of tokenizers before 0.20 write a merge as one text, later ones as a pair.
    private (string Left, string Right) ReadMerge(JsonElement merge, int rank) => merge.ValueKind switch
    {
        JsonValueKind.String => VocabularyFiles.ReadMerge(merge.GetString()!, rank, PlaceOf),
        JsonValueKind.Array when merge.GetArrayLength() == 2 && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String =>
            (merge[0].GetString()!, merge[1].GetString()!),
        _ => throw new ModelFormatException($"{PlaceOf(rank)}: a merge is two symbols, a pair of them or a text with a space between."),
    };
}
