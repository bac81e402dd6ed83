using Sclip.Segmentation.OpenClip;

namespace Sclip.Segmentation.Systems.Eva;

/// <summary>
/// The tensors of an EVA02-CLIP, by the names that EVA-CLIP's code gives them. timm calls some others, and puts its tower below <c>visual.trunk</c>. Rotary positions,
/// which the authors' files hold too, are computed.
/// </summary>
internal static class EvaTensors
{
    private const string Vision = "visual.", TimmVision = "visual.trunk.", Text = "text.";

    // What the authors call it in a block, and what timm does.
    private static readonly (string Authors, string Timm)[] Renamed =
        [("attn.q_bias", "attn.q_proj.bias"), ("attn.v_bias", "attn.v_proj.bias"), ("attn.inner_attn_ln", "attn.norm"), ("mlp.w1", "mlp.fc1_g"), ("mlp.w2", "mlp.fc1_x"), ("mlp.ffn_ln", "mlp.norm"), ("mlp.w3", "mlp.fc2")];

    /// <summary>Gives the vision tower its authors' names, and the text tower those of Hugging Face.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, has another shape than the configuration says, or is unknown.</exception>
    public static void Rename(SafeTensors tensors, ClipConfig config)
    {
        var names = tensors.Names.ToHashSet(StringComparer.Ordinal);
        var prefix = names.Contains($"{TimmVision}cls_token") ? TimmVision : Vision;
        var timm = names.Contains($"{prefix}blocks.0.{Renamed[0].Timm}");
        string[] unused = ["logit_scale", "text.attn_mask", .. names.Where(name => name.EndsWith("rope.freqs_cos", StringComparison.Ordinal) || name.EndsWith("rope.freqs_sin", StringComparison.Ordinal))];
        tensors.Rename(
            Of(config).Select(view => view with { Stored = $"{prefix}{(timm ? ToTimm(view.Stored) : view.Stored)}" }).Concat(OpenClipTensors.Text(config, Text)),
            unused, OpenClipConfig.FileName, "an EVA02-CLIP");
    }

    /// <summary>The vision tower's, stored under the authors' names without their prefix.</summary>
    private static IEnumerable<TensorView> Of(ClipConfig config)
    {
        var (width, hidden, patch, tokens) = (config.Vision.Width, config.Vision.Hidden, config.PatchSize, 1 + config.NativeGrid * config.NativeGrid);
        return [
            Own("cls_token", 1, 1, width), Own("pos_embed", 1, tokens, width), .. Layer("patch_embed.proj", width, 3, patch, patch),
            .. Enumerable.Range(0, config.Vision.Layers).SelectMany(block => Block($"blocks.{block}", width, hidden)),
            .. Layer("norm", width), .. Layer("head", config.EmbeddingSize, width)];
    }

    private static IEnumerable<TensorView> Block(string prefix, int width, int hidden) => [
        .. Layer($"{prefix}.norm1", width), .. Layer($"{prefix}.norm2", width),
        Own($"{prefix}.attn.q_bias", width), Own($"{prefix}.attn.v_bias", width),
        .. ((string[])["q", "k", "v"]).Select(part => Own($"{prefix}.attn.{part}_proj.weight", width, width)),
        .. Layer($"{prefix}.attn.inner_attn_ln", width), .. Layer($"{prefix}.attn.proj", width, width),
        .. Layer($"{prefix}.mlp.w1", hidden, width), .. Layer($"{prefix}.mlp.w2", hidden, width), .. Layer($"{prefix}.mlp.ffn_ln", hidden), .. Layer($"{prefix}.mlp.w3", width, hidden)];

    private static TensorView[] Layer(string name, params int[] shape) => [Own($"{name}.weight", shape), Own($"{name}.bias", shape[0])];

    private static TensorView Own(string name, params int[] shape) => new($"{Vision}{name}", shape, name, shape);

    private static string ToTimm(string name)
    {
        foreach (var (authors, timm) in Renamed)
            if (name.Contains($".{authors}", StringComparison.Ordinal))
                return name.Replace($".{authors}", $".{timm}", StringComparison.Ordinal);
        return name;
    }
}
