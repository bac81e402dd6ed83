using System.Text.Json.Nodes;
using Sclip.Segmentation.Systems.Tcl;

namespace Sclip.Segmentation.Checkpoints;

/// <summary>What the shapes of a TCL's checkpoint tell of its architecture. What they do not tell is as in the published one: heads of width 64, the refinement's steps and dilations.</summary>
internal static class TclShapes
{
    private const string Clip = "clip_image_encoder.clip_visual", Text = "clip_text_encoder", Decoder = "masker.image_encoder.decoder";

    public static bool Are(CheckpointShapes shapes) => shapes.Has($"{Clip}.conv1.weight");

    /// <summary>config.json; ImageNet's mean and deviation need no file.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, or the shapes do not tell enough.</exception>
    public static IEnumerable<(string Name, JsonObject Content)> SmallFiles(CheckpointShapes shapes) => [(TclConfig.FileName, Config(shapes))];

    private static JsonObject Config(CheckpointShapes shapes)
    {
        var (patches, words, blocks) = (shapes.Of($"{Clip}.conv1.weight", 4), shapes.Of($"{Text}.token_embedding.weight", 2), $"{Clip}.transformer.resblocks.");
        var trained = shapes.Numbers("masker.image_encoder.backbone.transformer.resblocks.");
        return new()
        {
            ["format"] = TclConfig.Name,
            ["embed_dim"] = shapes.Of("clip_image_encoder.clip_proj.proj", 2)[1],
            ["image_size"] = (long)CheckpointShapes.Grid(shapes.Of($"{Clip}.positional_embedding", 2)[0]) * patches[3],
            ["patch_size"] = patches[3],
            ["width"] = patches[0],
            ["heads"] = shapes.Heads(patches[0], TclConfig.FileName),
            ["layers"] = shapes.Numbers(blocks).Count,
            ["text_width"] = words[1],
            ["text_heads"] = shapes.Heads(words[1], TclConfig.FileName),
            ["text_layers"] = shapes.Numbers($"{Text}.transformer.resblocks.").Count,
            ["context_length"] = shapes.Of($"{Text}.positional_embedding", 2)[0],
            ["vocab_size"] = words[0],
            ["ie_freeze"] = trained.Count > 0 ? trained[0] : throw new ModelFormatException($"{shapes.Path}: the trained copy of CLIP's last block is missing (masker.image_encoder.backbone)."),
            ["ie_ignore_last_attn"] = true,
            ["decoder"] = new JsonObject
            {
                ["type"] = "GDecoder",
                ["double"] = true,
                ["n_layers"] = shapes.Numbers($"{Decoder}.decoder.net.").Count,
                ["kernel_size"] = 3,
                ["act"] = "gelu",
                ["norm"] = "ln",
            },
            ["pamr"] = new JsonObject { ["steps"] = 10, ["dilations"] = new JsonArray(1, 2, 4, 8, 12, 24) },
        };
    }
}
