namespace Sclip.Worker.Models;

/// <summary>The files of a model directory. A guide's has the first of those that a model needs, and its weights.</summary>
internal static class ModelLayout
{
    public const string Weights = "model.safetensors", WeightsIndex = "model.safetensors.index.json";
    public static readonly string[] Required = ["config.json", "preprocessor_config.json", "vocab.json", "merges.txt"];
    public static readonly string[] OptionalOfGuides = ["preprocessor_config.json"];
    public static readonly string[] Optional = ["tokenizer_config.json", "special_tokens_map.json", "sclip.json"];
}
