using System.Text.Json;
using Sclip.Segmentation.Checkpoints;

namespace Sclip.Segmentation.Text;

/// <summary>
/// Whether the steps of a tokenizer.json are CLIP's. They are spelled in a line, in which settings that change no token (offsets, and the second cut of
/// ByteLevel, which finds nothing to cut in what CLIP's expression leaves) do not stand.
/// </summary>
internal static class TokenizerSteps
{
    private const string
        Model = "BPE with end_of_word_suffix </w>",
        Normalizer = @"NFC, Replace(\s+ by ' '), Lowercase",
        PreTokenizer = $"Split({Words}, Removed, inverted), ByteLevel",
        Words = "CLIP's words",
        WordExpression = @"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
        // Version 5 of transformers has the special tokens in it, too, which have been cut out by then.
        LaterWordExpression = $@"<\|startoftext\|>|<\|endoftext\|>|{WordExpression}";

    /// <exception cref="ModelFormatException">A step is another; it is named.</exception>
    public static void RequireClip(string path, JsonElement root, JsonElement model)
    {
        Require("model", DescribeModel(model), Model);
        Require("normalizer", DescribeStep(root, "normalizer"), Normalizer);
        Require("pre_tokenizer", DescribeStep(root, "pre_tokenizer"), PreTokenizer);

        void Require(string step, string found, string known)
        {
            if (found != known)
                throw new ModelFormatException($"{path}: the tokenizer's {step} is {found.Shown()}; CLIP's is {known}. {ForeignModels.WhatFits}");
        }
    }

    private static string DescribeModel(JsonElement model)
    {
        // Files of the first versions do not name it.
        var type = Text(model, "type") ?? (model.TryGetProperty("merges", out _) ? "BPE" : "none");
        if (type != "BPE")
            return type switch { "Unigram" => "Unigram (SentencePiece)", "WordPiece" => "WordPiece (BERT)", _ => type };
        var settings = new List<string>();
        foreach (var key in (string[])["end_of_word_suffix", "continuing_subword_prefix"])
            if (Text(model, key) is { Length: > 0 } text)
                settings.Add($"{key} {text}");
        foreach (var key in (string[])["dropout", "ignore_merges"])
            if (model.TryGetProperty(key, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False) && value.GetRawText() is not ("0" or "0.0"))
                settings.Add($"{key} {value.GetRawText()}");
        return settings is [] ? "BPE without end_of_word_suffix" : $"BPE with {string.Join(" and ", settings)}";
    }

    private static string DescribeStep(JsonElement root, string key) =>
        root.TryGetProperty(key, out var step) && step.ValueKind == JsonValueKind.Object ? DescribeStep(step) : "none";

    private static string DescribeStep(JsonElement step) => Text(step, "type") switch
    {
        "Sequence" when List(step, "normalizers") is { } steps => string.Join(", ", steps.Select(DescribeStep)),
        "Sequence" when List(step, "pretokenizers") is { } steps => string.Join(", ", steps.Select(DescribeStep)),
        "Replace" => $"Replace({Pattern(step)} by '{Text(step, "content")}')",
        "Split" => $"Split({Pattern(step)}, {Text(step, "behavior")}{(IsTrue(step, "invert") ? ", inverted" : "")})",
        "ByteLevel" => IsTrue(step, "add_prefix_space") ? "ByteLevel(add_prefix_space)" : "ByteLevel",
        { } type => type,
        null => "of no type",
    };

    private static JsonElement.ArrayEnumerator? List(JsonElement step, string key) => step.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : null;

    private static string Pattern(JsonElement step) => !step.TryGetProperty("pattern", out var pattern) ? "nothing" : Text(pattern, "Regex") switch
    {
        WordExpression or LaterWordExpression => Words,
        { } expression => expression,
        null => $"'{Text(pattern, "String")}'",
    };

    private static bool IsTrue(JsonElement step, string key) => step.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
