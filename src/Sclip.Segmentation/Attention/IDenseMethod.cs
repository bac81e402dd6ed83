using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// A way from CLIP's blocks to dense features: <see cref="ILastBlockMethod"/> where the last block alone attends in another way, which is the fast one,
/// <see cref="IWindowMethod"/> where it needs more than the last block. Blocks are counted from 1, as in the papers; output 0 is what enters the first.
/// </summary>
internal interface IDenseMethod
{
    /// <summary>The blocks whose outputs, each <c>[tokens, width]</c>, it begins with: methods over the same windows share them.</summary>
    /// <param name="blocks">Blocks of the model.</param>
    IReadOnlyList<int> Outputs(int blocks);

    /// <summary>How the model's positions come to grids other than its own; only methods that agree in it share blocks.</summary>
    PositionResizing Positions => PositionResizing.Bicubic;

    /// <summary>
    /// Whether what it makes of a window depends on the names, so that its features cannot be kept for others; it makes its logits itself.
    /// </summary>
    bool ReadsNames => false;

    /// <summary>Whether it finds regions in a picture, which it takes as one window, that vote on labels: they are not among the features that could be kept.</summary>
    bool FindsRegions => false;

    /// <summary>Why a model does not fit it, to follow its name; null where it fits.</summary>
    string? Refusal(ClipConfig config) => null;
}
