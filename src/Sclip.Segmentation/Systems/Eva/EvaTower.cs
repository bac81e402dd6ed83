using System.Globalization;
using System.Text.RegularExpressions;
using Sclip.Segmentation.OpenClip;

namespace Sclip.Segmentation.Systems.Eva;

/// <summary>Sizes of an EVA02-CLIP's vision tower.</summary>
/// <param name="Width">Width of a token.</param>
/// <param name="Hidden">Width of the MLP's hidden layer.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="PatchSize">Side of a patch in pixels.</param>
/// <param name="ImageSize">Side of a native picture.</param>
/// <param name="RotaryGrid">Patches on a side to which rotary positions are scaled.</param>
internal sealed partial record EvaTower(int Width, int Hidden, int Layers, int Heads, int PatchSize, int ImageSize, int RotaryGrid)
{
    // Of all published ones, whatever their own grid.
    private const int UsualRotaryGrid = 16;

    // What EVA02-CLIP is, of what the code of EVA-CLIP can turn on.
    private static readonly string[] Needed = ["rope", "intp_freq", "naiveswiglu", "subln"];

    /// <summary>Reads vision_cfg; null where it is of another family.</summary>
    /// <exception cref="ModelFormatException">It is an EVA-CLIP of another architecture.</exception>
    public static EvaTower? Of(OpenClipSection vision) =>
        vision.Has("eva_model_name") ? OfAuthors(vision) : vision.Text("timm_model_name", "") is var name && name.StartsWith("eva", StringComparison.Ordinal) ? OfTimm(vision, name) : null;

    private static EvaTower OfAuthors(OpenClipSection vision)
    {
        if (Needed.FirstOrDefault(key => !vision.Flag(key)) is { } missing)
            throw new ModelFormatException($"{vision.Path}: {vision.Name}{missing} is not true: the tower is an EVA-CLIP of another architecture than EVA02-CLIP, which is supported.");
        vision.RefuseOthers(
            [.. Needed, "eva_model_name", "image_size", "layers", "width", "head_width", "patch_size", "mlp_ratio", "drop_path_rate", "patch_dropout", "pt_hw_seq_len", "qkv_bias", "xattn", "fusedLN"]);
        var (width, head) = (vision.Number("width", 768), vision.Number("head_width", 64));
        if (width % head != 0)
            throw new ModelFormatException($"{vision.Path}: {vision.Name}width {width} is no multiple of head_width {head}.");
        if (head % 4 != 0)
            throw new ModelFormatException($"{vision.Path}: {vision.Name}head_width {head} is no multiple of 4, as rotary positions in two directions have it.");
        return new(
            width, (int)(width * vision.Ratio("mlp_ratio", 4)), vision.Number("layers", 12), width / head, vision.Side("patch_size", 16), vision.Side("image_size", 224),
            vision.Number("pt_hw_seq_len", UsualRotaryGrid));
    }

    private static EvaTower OfTimm(OpenClipSection vision, string name)
    {
        if (NamePattern().Match(name) is not { Success: true } match)
            throw new ModelFormatException(
                $"{vision.Path}: {vision.Name}timm_model_name is '{name}'; of EVA's towers those of EVA02-CLIP are supported, eva02_base_patch16_clip_224, eva02_large_patch14_clip_224 and eva02_large_patch14_clip_336.");
        vision.Refuse("timm_proj", "must be absent: the projection of EVA02-CLIP is the tower's own");
        vision.Refuse("timm_model_kwargs", "changes timm's architecture, which is not supported");
        var (patch, side) = (Number("patch"), Number("side"));
        return match.Groups["size"].Value == "base" ? new(768, 2048, 12, 12, patch, side, UsualRotaryGrid) : new(1024, 2730, 24, 16, patch, side, UsualRotaryGrid);

        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\Aeva02_(?<size>base|large)_patch(?<patch>1[46])_clip_(?<side>224|336)(\.\w+)?\z")]
    private static partial Regex NamePattern();
}
