namespace Sclip.Worker.Models;

/// <summary>The files of a model directory.</summary>
internal static class ModelLayout
{
    public const string Config = "config.json", Weights = "model.safetensors", WeightsIndex = "model.safetensors.index.json";

    // Each part of a model may be stored in two ways, of which the first is taken that is whole: that of transformers 5 is the second.
    private static readonly string[][][] Parts = [[["preprocessor_config.json"], [Processor]], [["vocab.json", "merges.txt"], ["tokenizer.json"]]];

    // A processor_config.json beside the earlier file is taken, too: it is small, and a model tells where the two disagree.
    private const string Processor = "processor_config.json";
    private static readonly string[] Optional = [Processor, "tokenizer_config.json", "special_tokens_map.json", "sclip.json"];

    /// <summary>The small files of a model, those that it needs and those that it may have.</summary>
    /// <param name="isThere">Whether a file is there.</param>
    public static IEnumerable<string> SmallFiles(Func<string, bool> isThere) =>
        Parts.SelectMany(ways => Array.Find(ways, way => way.All(isThere)) ?? []).Union(Optional.Where(isThere));

    /// <summary>Says which part is there in none of its ways; null where all are.</summary>
    public static string? Missing(Func<string, bool> isThere) => Array.Find(Parts, ways => !ways.Any(way => way.All(isThere))) is { } missing
        ? $"neither {string.Join(" nor ", missing.Select(way => string.Join(" and ", way)))}"
        : null;
}
