using System.Text.Json.Nodes;
using Sclip.Segmentation.OpenClip;
using Sclip.Segmentation.Systems.SegClip;

namespace Sclip.Segmentation.Checkpoints;

/// <summary>What the shapes of a SegCLIP's checkpoint tell of its architecture. Heads of its texts, which no shape tells, are of width 64, as in the published one.</summary>
internal static class SegClipShapes
{
    private const string Clip = "clip", Visual = $"{Clip}.visual", Blocks = $"{Visual}.transformer", Semantic = $"{Blocks}.semantic_layer2";

    public static bool Are(CheckpointShapes shapes) => shapes.Has($"{Semantic}.semantic_center");

    /// <summary>config.json, and preprocessor_config.json with CLIP's mean and deviation.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, or the shapes do not tell enough.</exception>
    public static IEnumerable<(string Name, JsonObject Content)> SmallFiles(CheckpointShapes shapes) => [(SegClipConfig.FileName, Config(shapes)), ("preprocessor_config.json", Preprocessor())];

    private static JsonObject Config(CheckpointShapes shapes)
    {
        var (patches, words) = (shapes.Of($"{Visual}.conv1.weight", 4), shapes.Of($"{Clip}.token_embedding.weight", 2));
        return new()
        {
            ["format"] = SegClipConfig.Name,
            ["embed_dim"] = shapes.Of($"{Visual}.proj", 2)[1],
            ["image_size"] = (long)CheckpointShapes.Grid(shapes.Of($"{Visual}.positional_embedding", 2)[0]) * patches[3],
            ["patch_size"] = patches[3],
            ["width"] = patches[0],
            // The keys are convolved head by head.
            ["heads"] = patches[0] / Math.Max(shapes.Of($"{Semantic}.k_conv.weight", 3)[1], 1),
            ["first_stage_layers"] = shapes.Numbers($"{Blocks}.layers0.").Count,
            ["second_stage_layers"] = shapes.Numbers($"{Blocks}.layers2.").Count,
            ["groups"] = shapes.Of($"{Semantic}.semantic_center", 2)[0],
            ["cross_layers"] = shapes.Numbers($"{Semantic}.cross_att.").Count,
            ["text_width"] = words[1],
            ["text_heads"] = shapes.Heads(words[1], SegClipConfig.FileName),
            ["text_layers"] = shapes.Numbers($"{Clip}.transformer.resblocks.").Count,
            ["context_length"] = shapes.Of($"{Clip}.positional_embedding", 2)[0],
            ["vocab_size"] = words[0],
        };
    }

    private static JsonObject Preprocessor() => new()
    {
        ["do_rescale"] = true,
        ["do_normalize"] = true,
        ["image_mean"] = new JsonArray([.. OpenClipPreprocessing.Mean.Select(value => (JsonNode)value)]),
        ["image_std"] = new JsonArray([.. OpenClipPreprocessing.Deviation.Select(value => (JsonNode)value)]),
    };
}
