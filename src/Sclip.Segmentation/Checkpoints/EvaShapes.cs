using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sclip.Segmentation.Checkpoints;

/// <summary>What the shapes of an EVA02-CLIP's checkpoint, CLIPSelf's too, tell of its architecture; heads are of width 64, as in all that are published.</summary>
internal static class EvaShapes
{
    private const string Block = "visual.blocks.0";

    // What published models scale their rotary positions to, whatever their own grid.
    private const int RotaryGrid = 16;

    public static bool Are(CheckpointShapes shapes) => shapes.Has($"{Block}.attn.inner_attn_ln.weight");

    /// <summary>An open_clip_config.json with the keys of EVA-CLIP's code.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, or the shapes do not tell enough.</exception>
    public static string Config(CheckpointShapes shapes)
    {
        var (patches, words) = (shapes.Of("visual.patch_embed.proj.weight", 4), shapes.Of("text.token_embedding.weight", 2));
        var width = patches[0];
        shapes.Heads(width, OpenClip.OpenClipConfig.FileName);
        // A little more than the ratio, since the width is its product without what is behind the point.
        var ratio = (shapes.Of($"{Block}.mlp.w1.weight", 2)[0] + 0.5) / Math.Max(width, 1);
        return new JsonObject
        {
            ["embed_dim"] = shapes.Of("visual.head.weight", 2)[0],
            ["vision_cfg"] = new JsonObject
            {
                ["eva_model_name"] = "eva02-clip",
                ["image_size"] = (long)CheckpointShapes.Grid(shapes.Of("visual.pos_embed", 3)[1]) * patches[3],
                ["layers"] = shapes.Numbers("visual.blocks.").Count,
                ["width"] = width,
                ["head_width"] = CheckpointShapes.HeadWidth,
                ["patch_size"] = patches[3],
                ["mlp_ratio"] = ratio,
                ["rope"] = true,
                ["pt_hw_seq_len"] = RotaryGrid,
                ["intp_freq"] = true,
                ["naiveswiglu"] = true,
                ["subln"] = true,
            },
            ["text_cfg"] = new JsonObject
            {
                ["context_length"] = shapes.Of("text.positional_embedding", 2)[0],
                ["vocab_size"] = words[0],
                ["width"] = words[1],
                ["heads"] = shapes.Heads(words[1], OpenClip.OpenClipConfig.FileName),
                ["layers"] = shapes.Numbers("text.transformer.resblocks.").Count,
            },
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }
}
