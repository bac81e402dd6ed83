using System.Text.RegularExpressions;
using Sclip.Segmentation.OpenClip;

namespace Sclip.Segmentation;

/// <summary>Hugging Face's names of the tensors, by which the forward passes ask for them.</summary>
internal static partial class HuggingFaceTensors
{
    private static readonly string[] Towers = ["vision_model.", "text_model.", "visual_projection.", "text_projection."];

    /// <summary>Refuses weights of the towers that no forward pass reads: the model that needs them is another than would be computed.</summary>
    /// <exception cref="ModelFormatException">There is one.</exception>
    public static void RefuseUnknown(SafeTensors tensors, ClipConfig config)
    {
        var ofOneBlock = config with { Vision = config.Vision with { Layers = 1 }, Text = config.Text with { Layers = 1 } };
        var known = OpenClipTensors.Of(ofOneBlock).Select(view => view.Name).ToHashSet(StringComparer.Ordinal);
        // Numbers of positions are buffers, which older versions save.
        var unknown = tensors.Names.FirstOrDefault(name =>
            Towers.Any(tower => name.StartsWith(tower, StringComparison.Ordinal)) && !known.Contains(BlockPattern().Replace(name, ".layers.0.")) && !name.EndsWith(".position_ids", StringComparison.Ordinal));
        if (unknown is not null)
            throw new ModelFormatException($"{tensors.Path}: {unknown} is no tensor of a CLIP ViT as config.json describes it; the model is of another architecture.");
    }

    [GeneratedRegex(@"\.layers\.\d+\.")]
    private static partial Regex BlockPattern();
}
