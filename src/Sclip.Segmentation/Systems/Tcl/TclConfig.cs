using Sclip.Labels;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Systems.Tcl;

/// <summary>
/// TCL (arXiv 2212.00785). Its authors publish no configuration, weights alone: config.json is the product's own, with <c>"format": "tcl"</c>. CLIP's mean and
/// deviation are ImageNet's there, too, as the authors evaluate.
/// </summary>
internal sealed record TclConfig : TrainedConfig
{
    public const string Name = "tcl", FileName = "config.json";

    /// <summary>Blocks after which the trained copies of the others begin (<c>ie_freeze</c>).</summary>
    public required int FrozenLayers { get; init; }

    /// <summary>Stages of the decoder, each of which doubles the grid.</summary>
    public required int DecoderLayers { get; init; }

    /// <summary>Iterations of the refinement within a window.</summary>
    public required int RefinementSteps { get; init; }

    /// <summary>Dilations of its neighbourhoods, in cells of the decoder's grid.</summary>
    public required IReadOnlyList<int> Dilations { get; init; }

    public override string Method => Name;

    public override string Title => "TCL";

    public override ModelDefaults Defaults { get; } = new()
    {
        ShortSide = 448,
        Crop = 448,
        Stride = 224,
        Templates = PromptTemplates.Of(
        [
            "itap of a {}.", "a bad photo of a {}.", "a origami {}.", "a photo of the large {}.", "a {} in a video game.", "art of the {}.", "a photo of the small {}.",
            "a photo of many {}.", "a photo of {}s.",
        ]),
    };

    public override PixelNormalisation Normalisation => PixelNormalisation.ImageNet;

    /// <summary>Reads a config.json; null where it is of another model.</summary>
    public static ClipConfig? TryRead(ConfigSection root)
    {
        if (root.Text("format", "") != Name)
            return null;
        var (decoder, refinement) = (root.Child("decoder"), root.Child("pamr"));
        Require(decoder.Text("type", "GDecoder") == "GDecoder" && decoder.Flag("double", true) && decoder.Number("kernel_size", 3) == 3
            && decoder.Text("act", "gelu") == "gelu" && decoder.Text("norm", "ln") == "ln", "decoder is another than TCL's published one: GDecoder, double, kernel_size 3, act gelu, norm ln");
        Require(root.Flag("ie_ignore_last_attn", true), "ie_ignore_last_attn must be true");
        var (layers, frozen, stages) = (root.Number("layers", 12), root.Number("ie_freeze", 11), decoder.Number("n_layers", 2));
        Require(frozen < layers, $"ie_freeze {frozen} must be less than layers {layers}");
        Require(stages <= MostStages, $"decoder.n_layers {stages} is more than {MostStages}");
        return OwnConfig.Read(root, layers, new TclConfig
        {
            FrozenLayers = frozen,
            DecoderLayers = stages,
            RefinementSteps = refinement.Number("steps", 10),
            Dilations = refinement.Numbers("dilations", 1, [1, 2, 4, 8, 12, 24]),
        });

        void Require(bool holds, string what)
        {
            if (!holds)
                throw new ModelFormatException($"{root.Path}: {what}.");
        }
    }

    public override void Rename(SafeTensors tensors, ClipConfig config) => TclTensors.Rename(tensors, config, this);

    public override ITrainedSystem Load(SystemLayers layers, ClipConfig config) => new TclScores(new TclVision(layers, config, this));

    // Each quadruples the masks' cells; the published models have two.
    private const int MostStages = 4;
}
