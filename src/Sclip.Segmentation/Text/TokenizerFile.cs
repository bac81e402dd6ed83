using System.Text.Json;

namespace Sclip.Segmentation.Text;

/// <summary>
/// tokenizer.json of Hugging Face's tokenizers: a whole tokenizer in one file, beside which transformers 5 saves no other. Its tokens and merges are
/// read if they are a byte-pair model's and its steps CLIP's; texts are then cut as CLIP's authors do, which is what those steps describe.
/// </summary>
internal static class TokenizerFile
{
    public const string Name = "tokenizer.json";

    /// <exception cref="ModelFormatException">It is missing or corrupt, or another tokenizer than CLIP's.</exception>
    public static BytePairVocabulary Read(string path, int vocabularySize)
    {
        using var document = ModelFiles.ReadJson(path);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"{path}: not a JSON object with a tokenizer's model.");
        TokenizerSteps.RequireClip(path, root, model);
        if (!model.TryGetProperty("vocab", out var vocab) || vocab.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"{path}: model.vocab is no object of tokens and their ids.");
        if (!model.TryGetProperty("merges", out var merges) || merges.ValueKind != JsonValueKind.Array)
            throw new ModelFormatException($"{path}: model.merges is no array of merges.");
        var tokens = BytePairVocabulary.ReadTokens(path, vocab, vocabularySize);
        if (root.TryGetProperty("added_tokens", out var added) && added.ValueKind != JsonValueKind.Null)
            AddTokens(path, added, tokens, vocabularySize);
        return new()
        {
            Path = path,
            TokensName = "model.vocab",
            MergesName = $"{path}: model.merges",
            Tokens = tokens,
            Merges = [.. merges.EnumerateArray().Select(ReadMerge)],
            PlaceOf = PlaceOf,
        };

        string PlaceOf(int rank) => $"{path}: model.merges[{rank}]";

        // Versions of tokenizers before 0.20 write a merge as one text, later ones as a pair.
        (string Left, string Right) ReadMerge(JsonElement merge, int rank) => merge.ValueKind switch
        {
            JsonValueKind.String => VocabularyFiles.ReadMerge(merge.GetString()!, rank, PlaceOf),
            JsonValueKind.Array when merge.GetArrayLength() == 2 && merge.EnumerateArray().All(symbol => symbol.ValueKind == JsonValueKind.String) =>
                (merge[0].GetString()!, merge[1].GetString()!),
            _ => throw new ModelFormatException($"{PlaceOf(rank)}: a merge is two symbols, a pair of them or a text with a space between."),
        };
    }

    /// <summary>
    /// Added tokens are cut out of a text before its words are. Those that the model has as well are marked so, and change no name; one that stands for
    /// no text may be further; any other would be a word of its own.
    /// </summary>
    private static void AddTokens(string path, JsonElement added, Dictionary<string, int> tokens, int vocabularySize)
    {
        if (added.ValueKind != JsonValueKind.Array)
            throw new ModelFormatException($"{path}: added_tokens is no array of tokens.");
        var tokenOfId = tokens.ToDictionary(token => token.Value, token => token.Key);
        foreach (var item in added.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.String || !item.TryGetProperty("id", out var value))
                throw new ModelFormatException($"{path}: an added token is an object with content and id.");
            var (token, id) = (content.GetString()!, BytePairVocabulary.ReadId(path, content.GetString()!, value, vocabularySize));
            if (tokens.TryGetValue(token, out var known) && known != id)
                throw new ModelFormatException($"{path}: '{token}' has id {known} in model.vocab, and {id} in added_tokens.");
            if (tokenOfId.TryGetValue(id, out var other) && other != token)
                throw new ModelFormatException($"{path}: '{other}' and '{token}' both have id {id}.");
            if (!tokens.ContainsKey(token) && !BytePairVocabulary.IsSpecial(token))
                throw new ModelFormatException($"{path}: added_tokens has '{token}', a word of its own beside CLIP's vocabulary, which is not supported. {ForeignModels.WhatFits}");
            (tokens[token], tokenOfId[id]) = (id, token);
        }
    }
}
