using Sclip.Segmentation.OpenClip;

namespace Sclip.Segmentation.Systems.Eva;

/// <summary>
/// EVA02-CLIP (arXiv 2303.15389), as it is or as CLIPSelf (arXiv 2310.01403) trained it further: an open_clip_config.json whose vision tower is one of theirs, by
/// the keys that EVA-CLIP's code has, or by timm's name. Neither has a way to segment of its own: dense features are compared with names as CLIP's are.
/// </summary>
internal sealed record EvaConfig : TrainedConfig
{
    private const float EpsilonOfVision = 1e-6f;

    /// <summary>Patches on a side to which the rotary positions of any grid are scaled (<c>pt_hw_seq_len</c>).</summary>
    public required int RotaryGrid { get; init; }

    public override string Method => "eva-clipself";

    public override string Title => "CLIPSelf/EVA02-CLIP";

    public override ModelDefaults Defaults { get; } = new();

    public override bool NormalisesPrompts => true;

    /// <summary>Reads an open_clip_config.json; null where its vision tower is none of these.</summary>
    /// <param name="model">The object that has vision_cfg and text_cfg.</param>
    /// <param name="directory">Where it lies.</param>
    /// <exception cref="ModelFormatException">It is an EVA-CLIP of another architecture.</exception>
    public static ClipConfig? TryRead(OpenClipSection model, string directory)
    {
        var vision = model.Child("vision_cfg");
        if (EvaTower.Of(vision) is not { } tower)
            return null;
        if (tower.ImageSize % tower.PatchSize != 0)
            throw new ModelFormatException($"{vision.Path}: image_size {tower.ImageSize} is no multiple of patch_size {tower.PatchSize}.");
        var text = model.Child("text_cfg");
        // The authors' code chooses other kernels by these keys, which compute the same.
        var (transformer, context) = OpenClipConfig.TextTower(text, directory, model.Flag("quick_gelu") ? Activation.QuickGelu : Activation.Gelu, "xattn", "fusedLN");
        return new()
        {
            Vision = new(tower.Width, tower.Hidden, tower.Layers, tower.Heads, Activation.SwiGlu, EpsilonOfVision),
            Text = transformer,
            ImageSize = tower.ImageSize,
            PatchSize = tower.PatchSize,
            ContextLength = context,
            VocabularySize = text.Number("vocab_size", 49408),
            EmbeddingSize = model.Number("embed_dim"),
            Trained = new EvaConfig { RotaryGrid = tower.RotaryGrid },
        };
    }

    public override void Rename(SafeTensors tensors, ClipConfig config) => EvaTensors.Rename(tensors, config);

    public override ITrainedSystem Load(SystemLayers layers, ClipConfig config) => new EvaVision(layers, config, this);
}
