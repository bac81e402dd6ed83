using Sclip.Labels;

namespace Sclip.Segmentation.Systems.SegClip;

/// <summary>SegCLIP (arXiv 2211.14813). Its authors publish no configuration, weights alone: config.json is the product's own, with <c>"format": "segclip"</c>.</summary>
internal sealed record SegClipConfig : TrainedConfig
{
    public const string Name = "segclip", FileName = "config.json";

    /// <summary>Blocks over the patches.</summary>
    public required int FirstLayers { get; init; }

    /// <summary>Blocks over the groups.</summary>
    public required int SecondLayers { get; init; }

    /// <summary>Layers in which the learnt centres attend to the patches.</summary>
    public required int CrossLayers { get; init; }

    /// <summary>Learnt centres, and so groups.</summary>
    public required int Groups { get; init; }

    public override string Method => Name;

    public override string Title => "SegCLIP";

    /// <summary>Windows do not overlap.</summary>
    public override ModelDefaults Defaults { get; } = new() { ShortSide = 224, Crop = 224, Stride = 224, Templates = PromptTemplates.Of(["a photo of a {}."]) };

    /// <summary>Reads a config.json; null where it is of another model.</summary>
    public static ClipConfig? TryRead(ConfigSection root)
    {
        if (root.Text("format", "") != Name)
            return null;
        var (first, second) = (root.Number("first_stage_layers", 10), root.Number("second_stage_layers", 2));
        return OwnConfig.Read(
            root, first + second, new SegClipConfig { FirstLayers = first, SecondLayers = second, CrossLayers = root.Number("cross_layers", 2), Groups = root.Number("groups", 8) });
    }

    public override void Rename(SafeTensors tensors, ClipConfig config) => SegClipTensors.Rename(tensors, config, this);

    public override ITrainedSystem Load(SystemLayers layers, ClipConfig config) => new SegClipSystem(layers, config, this);
}
