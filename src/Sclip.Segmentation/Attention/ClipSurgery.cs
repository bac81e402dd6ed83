using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// CLIP Surgery (arXiv 2304.05653), architecture surgery: over the last blocks a second path beside the ordinary one, of value-value attention alone, without
/// MLP. Its values are those of the ordinary path. The authors' code (xmed-lab/CLIP_Surgery) changes six blocks where its comments speak of seven; it resizes
/// positions bilinearly, and only to squares.
/// Feature surgery, where it is asked for: what all names share is taken off the similarities, names weighted by how much the whole picture, here the window,
/// is like them (the paper's section 3.4).
/// </summary>
internal sealed class ClipSurgery(bool features) : IWindowMethod
{
    // Of the picture's own similarities, in the authors' code.
    private const float Sharpness = 2;

    public bool ReadsNames => features;

    public PositionResizing Positions => PositionResizing.Bilinear;

    public IReadOnlyList<int> Outputs(int blocks) => [.. SecondPath.Outputs(blocks), blocks];

    public WindowFeatures Features(WindowTower window)
    {
        var path = SecondPath.Run(window, block => window.Attend(block.Value, head => window.Softmax(block.Value, block.Value, head)));
        return WindowFeatures.OfTokens(window.Blocks.Project(window.Algebra.Stack(window.Output(window.Last).RowRange(0, 1), path.RowsFrom(1))));
    }

    public Matrix Logits(WindowTower window, WindowFeatures found)
    {
        var shares = (Sharpness * found.ClassToken!.UnitRows().TimesTransposed(window.Names)).Softmax();
        var scores = (1 / shares.Mean() * shares) & found.Patches.UnitRows().TimesTransposed(window.Names);
        return scores - scores.RowMeans();
    }
}
