using System.Globalization;
using System.Text.RegularExpressions;

namespace Sclip.Segmentation.OpenClip;

/// <summary>
/// A vision tower of timm that is a plain CLIP ViT: class token, norm before the blocks, no layer scale. open_clip_config.json has its name alone,
/// <c>vit_base_patch16_clip_224</c>, which says its sizes and its activation: OpenCLIP's <c>quick_gelu</c> is the text tower's then.
/// </summary>
/// <param name="Transformer">Its sizes.</param>
/// <param name="PatchSize">Side of a patch in pixels.</param>
/// <param name="ImageSize">Side of a native picture.</param>
internal sealed partial record TimmTower(TransformerConfig Transformer, int PatchSize, int ImageSize)
{
    private const float Epsilon = 1e-5f;

    // timm's table of the variants whose name has "clip".
    private static readonly Dictionary<string, (int Width, int Hidden, int Layers, int Heads)> Sizes = new()
    {
        ["xsmall"] = (256, 1024, 10, 4),
        ["medium"] = (512, 2048, 12, 8),
        ["betwixt"] = (640, 2560, 12, 10),
        ["base"] = (768, 3072, 12, 12),
        ["base_plus"] = (896, 3584, 12, 14),
        ["large"] = (1024, 4096, 24, 16),
        ["huge"] = (1280, 5120, 32, 16),
        ["giant"] = (1408, 6144, 40, 16),
        ["gigantic"] = (1664, 8192, 48, 16),
    };

    /// <exception cref="ModelFormatException">It is another architecture, or its features are pooled or projected in another way.</exception>
    public static TimmTower Of(OpenClipSection vision)
    {
        var name = vision.Text("timm_model_name", "");
        if (NamePattern().Match(name) is not { Success: true } match || !Sizes.TryGetValue(match.Groups["size"].Value + match.Groups["plus"].Value, out var size))
            throw new ModelFormatException(
                $"{vision.Path}: {vision.Name}timm_model_name is '{name}'{(name.Contains("siglip", StringComparison.OrdinalIgnoreCase) ? ", a SigLIP" : "")}; of timm's towers plain CLIP ViTs are supported, such as vit_base_patch16_clip_224.");
        if (vision.Text("timm_pool", "avg") is not ("token" or "tok" or "") and var pool)
            throw new ModelFormatException($"{vision.Path}: {vision.Name}timm_pool is '{pool}'; 'token' is supported, the class token's feature.");
        if (vision.Element.TryGetProperty("timm_proj", out var projection) && !(projection.ValueKind == System.Text.Json.JsonValueKind.String && projection.GetString() == "linear"))
            throw vision.Wrong("timm_proj", projection, "must be \"linear\", a projection without a bias");
        vision.Refuse("timm_proj_bias", "is a bias of the projection, which is not supported");
        vision.Refuse("timm_model_kwargs", "changes timm's architecture, which is not supported");
        var activation = match.Groups["quick"].Success ? Activation.QuickGelu : Activation.Gelu;
        return new(new(size.Width, size.Hidden, size.Layers, size.Heads, activation, Epsilon), Number("patch"), Number("side"));

        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\Avit_(?<size>[a-z]+)_patch(?<patch>[1-9]\d?)(?<plus>_plus)?_clip(?<quick>_quickgelu)?_(?<side>[1-9]\d{1,3})(\.\w+)?\z")]
    private static partial Regex NamePattern();
}
