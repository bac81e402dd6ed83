using Sclip.Segmentation.OpenClip;
using Sclip.Segmentation.Systems;

namespace Sclip.Segmentation;

/// <summary>The activation of the transformer's MLP.</summary>
public enum Activation
{
    /// <summary>x sigmoid(1.702 x).</summary>
    QuickGelu,

    /// <summary>x Phi(x), exact.</summary>
    Gelu,

    /// <summary>y sigmoid(y) z, of two products y and z of x.</summary>
    SwiGlu,
}

/// <summary>Sizes of one transformer.</summary>
/// <param name="Width">Width of a token.</param>
/// <param name="Hidden">Width of the MLP's hidden layer.</param>
/// <param name="Layers">Number of blocks.</param>
/// <param name="Heads">Attention heads of a block.</param>
/// <param name="Activation">Activation of the MLP.</param>
/// <param name="Epsilon">Epsilon of the layer norms.</param>
public sealed record TransformerConfig(int Width, int Hidden, int Layers, int Heads, Activation Activation, float Epsilon);

/// <summary>What a CLIP's configuration says of its architecture.</summary>
public sealed record ClipConfig
{
    /// <summary>The vision transformer.</summary>
    public required TransformerConfig Vision { get; init; }

    /// <summary>The text transformer.</summary>
    public required TransformerConfig Text { get; init; }

    /// <summary>Side of the pictures it was trained on, in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of a patch in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Tokens of the longest prompt.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Tokens of the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the space that pictures and texts share.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>The method that a model of another architecture than CLIP's brings along, the only one that runs on it; null for CLIP.</summary>
    public string? OwnMethod => Trained?.Method;

    /// <summary>What the architecture is called.</summary>
    public string Architecture => Trained?.Title ?? "CLIP ViT";

    /// <summary>Whether its directory says how pixels are normalised; that of a model whose authors evaluate with another mean is not asked.</summary>
    public bool ReadsNormalisation => Trained?.Normalisation is null;

    /// <summary>What such a model is beside these sizes; null for CLIP.</summary>
    internal TrainedConfig? Trained { get; init; }

    /// <summary>Patches on each side of a native picture.</summary>
    public int NativeGrid => ImageSize / PatchSize;

    /// <summary>Reads config.json of a model directory, or open_clip_config.json of one in OpenCLIP's layout.</summary>
    /// <exception cref="ModelFormatException">It is missing, cannot be read, or describes another architecture.</exception>
    public static ClipConfig Load(string directory)
    {
        if (ModelDirectory.IsOpenClip(directory))
            return OpenClipConfig.Load(directory);
        var path = Path.Combine(directory, "config.json");
        using var document = ModelFiles.ReadJson(path);
        var root = new ConfigSection(path, "", document.RootElement);
        var config = TrainedConfigs.TryRead(root) ?? ReadClip(root);
        return config.ImageSize % config.PatchSize == 0
            ? config
            : throw new ModelFormatException($"{path}: image_size {config.ImageSize} is no multiple of patch_size {config.PatchSize}.");
    }

    private static ClipConfig ReadClip(ConfigSection root)
    {
        var (path, type) = (root.Path, root.Text("model_type", "clip"));
        if (type != "clip")
            throw ForeignModels.OfType(path, type);
        var vision = root.Tower("vision");
        var text = root.Tower("text");
        if (vision.Number("num_channels", 3) != 3)
            throw new ModelFormatException($"{path}: vision_config.num_channels must be 3.");
        if (text.Number("max_position_embeddings", 77) is < 2 and var context)
            throw new ModelFormatException($"{path}: {text.Name}max_position_embeddings is {context}; start and end of a text alone are two.");
        return new()
        {
            Vision = Transformer(vision, 768, 3072, 12, 12),
            Text = Transformer(text, 512, 2048, 12, 8),
            ImageSize = vision.Number("image_size", 224),
            PatchSize = vision.Number("patch_size", 32),
            ContextLength = text.Number("max_position_embeddings", 77),
            VocabularySize = text.Number("vocab_size", 49408),
            EmbeddingSize = root.Number("projection_dim", 512),
        };
    }

    /// <summary>Refuses weights with more blocks than config.json tells of: those left out would change every label.</summary>
    internal void RequireAllLayers(SafeTensors tensors)
    {
        RequireAllLayers(tensors, "vision", Vision.Layers);
        RequireAllLayers(tensors, "text", Text.Layers);
        Trained?.RequireAllLayers(tensors);
    }

    private static void RequireAllLayers(SafeTensors tensors, string tower, int layers)
    {
        if (tensors.Blocks($"{tower}_model.encoder.layers.") is var there && there > layers)
            throw new ModelFormatException($"{tensors.Path}: the weights have {there} layers {tower}_model.encoder.layers.N, config.json {layers} ({tower}_config.num_hidden_layers); one of them is of another model.");
    }

    // What a key's absence means is fixed by the Hugging Face classes CLIPVisionConfig and CLIPTextConfig.
    internal static TransformerConfig Transformer(ConfigSection section, int width, int hidden, int layers, int heads, string activationAbsent = "quick_gelu")
    {
        var activation = section.Text("hidden_act", activationAbsent);
        var config = new TransformerConfig(
            section.Number("hidden_size", width), section.Number("intermediate_size", hidden), section.Number("num_hidden_layers", layers),
            section.Number("num_attention_heads", heads),
            activation switch
            {
                "quick_gelu" => Activation.QuickGelu,
                "gelu" => Activation.Gelu,
                _ => throw new ModelFormatException($"{section.Path}: {section.Name}hidden_act is '{activation}'; quick_gelu and gelu are supported."),
            },
            section.Real("layer_norm_eps", 1e-5f));
        if (config.Width % config.Heads != 0)
            throw new ModelFormatException($"{section.Path}: {section.Name}hidden_size {config.Width} is no multiple of its {config.Heads} heads.");
        return config;
    }
}
