using System.Globalization;
using System.Text.RegularExpressions;

namespace Sclip.Segmentation.Systems.GroupVit;

/// <summary>Hugging Face's names of the tensors.</summary>
internal static partial class GroupVitTensors
{
    private static readonly string[] Parts = ["vision_model.", "text_model.", "visual_projection.", "text_projection."];

    // Buffers, which tell nothing.
    private static readonly string[] Skipped = [".position_ids", ".num_batches_tracked"];

    /// <summary>Refuses weights that no forward pass reads: more stages or blocks than the configuration tells of, or others than GroupViT's.</summary>
    /// <exception cref="ModelFormatException">There is one.</exception>
    public static void RefuseUnknown(SafeTensors tensors, GroupVitConfig config)
    {
        if (tensors.Names.FirstOrDefault(name => Parts.Any(part => name.StartsWith(part, StringComparison.Ordinal)) && !Skipped.Any(end => name.EndsWith(end, StringComparison.Ordinal)) && !IsKnown(name, config)) is { } unknown)
            throw new ModelFormatException(
                $"{tensors.Path}: {unknown} is no tensor of a GroupViT as config.json describes it, of {config.Depths.Count} stages with {string.Join(", ", config.Depths)} blocks; the weights are another model's.");
    }

    private static bool IsKnown(string name, GroupVitConfig config) => NamePattern().Match(name) is { Success: true } match
        && (Number(match.Groups["stage"]) is not { } stage || (stage < config.Depths.Count && (Number(match.Groups["block"]) is not { } block || block < config.Depths[stage])));

    private static int? Number(Group digits) => digits.Success ? int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(
        """
        \A(
        vision_model\.(
            embeddings\.position_embeddings
            | (embeddings\.patch_embeddings\.projection | embeddings\.layernorm | layernorm) \.(weight|bias)
            | encoder\.stages\.(?<stage>\d{1,4})\.(
                group_token
                | (
                    layers\.(?<block>\d{1,4})\.(layer_norm[12] | self_attn\.(q|k|v|out)_proj | mlp\.fc[12])
                    | group_projector\.(0 | 1\.fc[12])
                    | downsample\.(
                        norm_(tokens | post_tokens | x | new_x) | mlp_(inter|channels)\.fc[12]
                        | pre_assign_attn\.(attn\.(q|k|v|out)_proj | norm2 | norm_post | mlp\.fc[12])
                        | assign\.((q|k|v)_proj | proj)
                    )
                ) \.(weight|bias)
            )
        )
        | text_model\.(
            embeddings\.(token|position)_embedding\.weight
            | (encoder\.layers\.\d{1,4}\.(layer_norm[12] | self_attn\.(q|k|v|out)_proj | mlp\.fc[12]) | final_layer_norm) \.(weight|bias)
        )
        | (visual|text)_projection\.( [013]\.(weight|bias) | 1\.running_(mean|var) )
        )\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex NamePattern();
}
