using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sclip.Testing;

/// <summary>The small files of a CLIP as version 5 of transformers saves them, made of those that earlier versions save.</summary>
public static class Transformers5
{
    private const string Words = @"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    /// <summary>Writes them into a model directory, and deletes the earlier ones.</summary>
    public static void Convert(string directory)
    {
        string[] old = ["preprocessor_config.json", "vocab.json", "merges.txt", "special_tokens_map.json"];
        foreach (var (name, content) in Files(directory))
            File.WriteAllBytes(Path.Combine(directory, name), content);
        foreach (var name in old)
            File.Delete(Path.Combine(directory, name));
    }

    /// <summary>config.json, processor_config.json and tokenizer.json.</summary>
    /// <param name="directory">A model directory of an earlier version.</param>
    public static Dictionary<string, byte[]> Files(string directory)
    {
        var config = Read(directory, "config.json");
        foreach (var section in (JsonObject[])[config, config["text_config"]!.AsObject(), config["vision_config"]!.AsObject()])
        {
            section.Remove("torch_dtype");
            section["dtype"] = "float32";
        }
        config["transformers_version"] = "5.3.0";
        var settings = Read(directory, "preprocessor_config.json");
        settings.Remove("feature_extractor_type");
        (settings["image_processor_type"], settings["data_format"]) = ("CLIPImageProcessorFast", "channels_first");
        return new()
        {
            ["config.json"] = Bytes(config),
            ["processor_config.json"] = Bytes(new JsonObject { ["image_processor"] = settings, ["processor_class"] = "CLIPProcessor" }),
            ["tokenizer.json"] = Bytes(Tokenizer(directory)),
        };
    }

    /// <summary>A tokenizer.json of a directory's vocab.json and merges.txt, with merges as pairs.</summary>
    public static JsonObject Tokenizer(string directory)
    {
        var vocabulary = Read(directory, "vocab.json");
        var merges = File.ReadAllLines(Path.Combine(directory, "merges.txt")).Skip(1).Select(line => (JsonNode)new JsonArray([.. line.Split(' ').Select(symbol => JsonValue.Create(symbol))]));
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. ((string[])["<|startoftext|>", "<|endoftext|>"]).Select(token => new JsonObject
            {
                ["id"] = vocabulary[token]!.GetValue<int>(),
                ["content"] = token,
                ["single_word"] = false,
                ["lstrip"] = false,
                ["rstrip"] = false,
                ["normalized"] = token == "<|startoftext|>",
                ["special"] = true,
            })]),
            ["normalizer"] = JsonNode.Parse("""{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}, {"type": "Lowercase"}]}"""),
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(
                    new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = $@"<\|startoftext\|>|<\|endoftext\|>|{Words}" }, ["behavior"] = "Removed", ["invert"] = true },
                    new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true }),
            },
            ["post_processor"] = JsonNode.Parse($$"""{"type": "RobertaProcessing", "sep": ["<|endoftext|>", {{vocabulary["<|endoftext|>"]}}], "cls": ["<|startoftext|>", {{vocabulary["<|startoftext|>"]}}], "trim_offsets": false, "add_prefix_space": false}"""),
            ["decoder"] = JsonNode.Parse("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}"""),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = "<|endoftext|>",
                ["continuing_subword_prefix"] = "",
                ["end_of_word_suffix"] = "</w>",
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. merges]),
            },
        };
    }

    /// <summary>Makes a tokenizer.json what the versions of 2022 wrote: merges as texts, an expression without special tokens, fewer settings.</summary>
    public static void MakeEarlier(JsonObject tokenizer)
    {
        var model = tokenizer["model"]!.AsObject();
        model["merges"] = new JsonArray([.. model["merges"]!.AsArray().Select(merge => JsonValue.Create($"{merge![0]} {merge[1]}"))]);
        foreach (var key in (string[])["type", "byte_fallback", "ignore_merges"])
            model.Remove(key);
        var steps = tokenizer["pre_tokenizer"]!["pretokenizers"]!;
        steps[0]!["pattern"]!["Regex"] = Words;
        steps[1]!.AsObject().Remove("use_regex");
    }

    public static byte[] Bytes(JsonObject node) => Encoding.UTF8.GetBytes(node.ToJsonString(Format));

    private static JsonObject Read(string directory, string name) => JsonNode.Parse(File.ReadAllBytes(Path.Combine(directory, name)))!.AsObject();
}
