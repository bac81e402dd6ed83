using Sclip.Labels;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Systems.GroupVit;

/// <summary>
/// GroupViT (arXiv 2202.11094) as Hugging Face saves it, model_type "groupvit". The authors (NVlabs/GroupViT) evaluate with ImageNet's mean and deviation; the
/// published directories say CLIP's, which came from the script that converted them, and are not read.
/// </summary>
internal sealed record GroupVitConfig : TrainedConfig
{
    public const string Name = "groupvit";

    /// <summary>Blocks of each stage.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Learnt group tokens of each stage; 0 where it does not group.</summary>
    public required IReadOnlyList<int> GroupTokens { get; init; }

    /// <summary>Groups that each stage which has group tokens ends with.</summary>
    public required IReadOnlyList<int> OutputGroups { get; init; }

    /// <summary>Width between the two layers of the projections.</summary>
    public required int ProjectionHidden { get; init; }

    /// <summary>Widths of the MLPs over tokens and over channels, as shares of the width.</summary>
    public required (float Tokens, float Channels) MlpRatios { get; init; }

    /// <summary>What is added to the number of a group's tokens before it divides their sum.</summary>
    public required float AssignEpsilon { get; init; }

    public override string Method => Name;

    public override string Title => "GroupViT";

    public override ModelDefaults Defaults { get; } = new() { ShortSide = 448, Crop = 448, Stride = 224, Templates = PromptTemplates.Of(["a photo of a {}."]) };

    public override PixelNormalisation Normalisation => PixelNormalisation.ImageNet;

    /// <summary>Reads a config.json; null where it is of another model.</summary>
    public static ClipConfig? TryRead(ConfigSection root)
    {
        if (root.Text("model_type", "clip") != Name)
            return null;
        var (vision, text) = (root.Tower("vision"), root.Tower("text"));
        var depths = vision.Numbers("depths", 1, [6, 3, 3]);
        var (groups, outputs) = (vision.Numbers("num_group_tokens", 0, [64, 8, 0]), vision.Numbers("num_output_groups", 0, [64, 8, 8]));
        if (depths.Length < 2 || groups.Length != depths.Length || outputs.Length < depths.Length - 1 || groups[^1] != 0 || groups[..^1].Contains(0) || outputs[..(depths.Length - 1)].Contains(0))
            throw new ModelFormatException($"{root.Path}: vision_config.depths, num_group_tokens and num_output_groups must have an entry for each of two stages or more, and all stages but the last group tokens; there are [{string.Join(", ", depths)}], [{string.Join(", ", groups)}] and [{string.Join(", ", outputs)}].");
        var ratios = vision.Reals("assign_mlp_ratio", [0.5f, 4]);
        if (ratios.Length != 2)
            throw new ModelFormatException($"{root.Path}: vision_config.assign_mlp_ratio must be two numbers.");
        // What a key's absence means is fixed by the Hugging Face classes GroupViTConfig, GroupViTVisionConfig and GroupViTTextConfig.
        var layers = depths.Sum();
        return new ClipConfig
        {
            Vision = ClipConfig.Transformer(vision, 384, 1536, layers, 6, "gelu") with { Layers = layers },
            Text = ClipConfig.Transformer(text, 256, 1024, 12, 4),
            ImageSize = vision.Number("image_size", 224),
            PatchSize = vision.Number("patch_size", 16),
            ContextLength = text.Number("max_position_embeddings", 77),
            VocabularySize = text.Number("vocab_size", 49408),
            EmbeddingSize = root.Number("projection_dim", 256),
            Trained = new GroupVitConfig
            {
                Depths = depths,
                GroupTokens = groups,
                OutputGroups = outputs,
                ProjectionHidden = root.Number("projection_intermediate_dim", 4096),
                MlpRatios = (ratios[0], ratios[1]),
                AssignEpsilon = vision.Positive("assign_eps", 1),
            },
        };
    }

    public override void RequireAllLayers(SafeTensors tensors) => GroupVitTensors.RefuseUnknown(tensors, this);

    public override ProjectionHead LoadTextHead(SystemLayers layers, ClipConfig config) =>
        ProjectionHead.Load(layers, "text_projection", config.EmbeddingSize, ProjectionHidden, config.Text.Width);

    public override ITrainedSystem Load(SystemLayers layers, ClipConfig config) => new GroupVitSystem(layers, config, this);
}
