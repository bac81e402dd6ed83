using System.Text.Json;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation;

/// <summary>What a guide's config.json says of its architecture: a vision transformer without texts, trained on pictures alone.</summary>
public sealed record GuideConfig
{
    /// <summary>What it is.</summary>
    public required GuideKind Kind { get; init; }

    /// <summary>Width of a token.</summary>
    public required int Width { get; init; }

    /// <summary>Width of the MLP's hidden layer.</summary>
    public required int Hidden { get; init; }

    /// <summary>Number of blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Attention heads of a block.</summary>
    public required int Heads { get; init; }

    /// <summary>Activation of the MLP, where that is no SwiGLU.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Whether the MLP is a SwiGLU: silu(a) b, of two halves of its first layer.</summary>
    public required bool IsSwiGlu { get; init; }

    /// <summary>Whether queries, keys and values have a bias.</summary>
    public required bool HasQkvBias { get; init; }

    /// <summary>Epsilon of the layer norms.</summary>
    public required float Epsilon { get; init; }

    /// <summary>Side of the pictures that its positions are of, in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of a patch in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Tokens between CLS and the patches that stand for no part of the picture.</summary>
    public required int Registers { get; init; }

    /// <summary>Patches on each side of a native picture.</summary>
    public int NativeGrid => ImageSize / PatchSize;

    /// <summary>
    /// How its positions come to other grids, as the code does it that its kind was published with: DINO's takes factors a tenth of a patch too large
    /// (facebookresearch/dino); Hugging Face's DINOv2 the exact ones; that with registers is antialiased, too, which matters where the grid shrinks.
    /// </summary>
    internal PositionResizing Positions => Kind switch
    {
        GuideKind.Vit => PositionResizing.Bicubic,
        GuideKind.Dinov2 => PositionResizing.BicubicExact,
        _ => PositionResizing.BicubicAntialiased,
    };

    /// <summary>Whether a directory holds a guide, and no CLIP.</summary>
    /// <exception cref="ModelFormatException">Its config.json is missing or cannot be read.</exception>
    public static bool IsIn(string directory)
    {
        // It has another configuration, and may have no config.json.
        if (ModelDirectory.IsOpenClip(directory))
            return false;
        using var document = Open(directory, out var root);
        return KindOf(root.Text("model_type", "")) is not null;
    }

    /// <summary>Reads config.json of a guide's directory.</summary>
    /// <exception cref="ModelFormatException">It is missing, cannot be read, or describes another architecture.</exception>
    public static GuideConfig Load(string directory)
    {
        using var document = Open(directory, out var file);
        var type = file.Text("model_type", "");
        var kind = KindOf(type) ?? throw new ModelFormatException(
            $"{file.Path}: model_type is '{type}'; a guide is 'vit' (such as facebook/dino-vitb8), 'dinov2' or 'dinov2_with_registers'.");
        var (isVit, width) = (kind == GuideKind.Vit, file.Number("hidden_size", 768));
        var isSwiGlu = !isVit && file.Flag("use_swiglu_ffn", false);
        var ratio = isVit ? 0 : file.Number("mlp_ratio", 4);
        var config = new GuideConfig
        {
            Kind = kind,
            Width = width,
            // Of a SwiGLU two thirds, in steps of 8: three matrices then have the weights of two.
            Hidden = isVit ? file.Number("intermediate_size", 3072) : isSwiGlu ? (width * ratio * 2 / 3 + 7) / 8 * 8 : width * ratio,
            Layers = file.Number("num_hidden_layers", 12),
            Heads = file.Number("num_attention_heads", 12),
            Activation = file.Text("hidden_act", "gelu") switch
            {
                "gelu" => Activation.Gelu,
                "quick_gelu" => Activation.QuickGelu,
                var other => throw new ModelFormatException($"{file.Path}: hidden_act is '{other}'; gelu and quick_gelu are supported."),
            },
            IsSwiGlu = isSwiGlu,
            HasQkvBias = file.Flag("qkv_bias", true),
            Epsilon = file.Real("layer_norm_eps", isVit ? 1e-12f : 1e-6f),
            ImageSize = file.Number("image_size", 224),
            PatchSize = file.Number("patch_size", 16),
            Registers = kind == GuideKind.Dinov2WithRegisters ? file.Number("num_register_tokens", 4) : 0,
        };
        if (file.Number("num_channels", 3) != 3)
            throw new ModelFormatException($"{file.Path}: num_channels must be 3.");
        if (config.NativeGrid == 0)
            throw new ModelFormatException($"{file.Path}: image_size {config.ImageSize} is smaller than patch_size {config.PatchSize}.");
        if (config.Width % config.Heads != 0)
            throw new ModelFormatException($"{file.Path}: hidden_size {config.Width} is no multiple of its {config.Heads} heads.");
        return config;
    }

    /// <summary>Refuses weights with more blocks than config.json tells of: those left out would change every feature.</summary>
    internal void RequireAllLayers(SafeTensors tensors)
    {
        const string Prefix = "encoder.layer.";
        if (tensors.Blocks(Prefix) is var there && there > Layers)
            throw new ModelFormatException($"{tensors.Path}: the weights have {there} layers {Prefix}N, config.json {Layers} (num_hidden_layers); one of them is of another model.");
    }

    private static JsonDocument Open(string directory, out ConfigSection root)
    {
        var path = Path.Combine(directory, "config.json");
        var document = ModelFiles.ReadJson(path);
        root = new(path, "", document.RootElement);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        document.Dispose();
        throw new ModelFormatException($"{path}: not a JSON object.");
    }

    /// <summary>What a model_type is; null where it is no guide's.</summary>
    internal static GuideKind? KindOf(string type) => type switch
    {
        "vit" => GuideKind.Vit,
        "dinov2" => GuideKind.Dinov2,
        "dinov2_with_registers" => GuideKind.Dinov2WithRegisters,
        _ => null,
    };
}
