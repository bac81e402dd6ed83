using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Guides;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Refinement;
using Sclip.Segmentation.Vision;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// LPOSS (arXiv 2503.19777): MaskCLIP's logits Y of all patches of a picture, whatever window they lie in, are propagated over a graph that a guide makes:
/// Z = (I - alpha S)^-1 Y (see <see cref="PatchGraph"/>). Features come to the guide's grid bilinearly; the guide's are the values of its last block.
/// The authors' code (vladan-stojnic/LPOSS) takes a CLIP of LAION's, resizes its positions by the two sizes, and pads windows below and right to whole patches,
/// where a rest that fills no patch is dropped here; its grids of CLIP and the guide have to be one. It compares Z alone; Z here is multiplied by 1 - alpha, which changes no label, so that logits
/// stay of the size of cosines. LPOSS+, the same over pixels, is not there.
/// </summary>
internal sealed class Lposs : IPictureMethod
{
    public PositionResizing Positions => PositionResizing.BicubicExact;

    public bool ReadsNames => true;

    public bool HoldsMaps => false;

    public IReadOnlyList<int> Outputs(int blocks) => [blocks - 1];

    public WindowFeatures Features(WindowTower window)
    {
        var (blocks, x) = (window.Blocks, window.Output(window.Last - 1));
        window.Watched?.LookAtItself();
        var tokens = blocks.AddMlp(window.Last, x + blocks.ProjectOut(window.Last, window.Input(window.Last, x).Value));
        var (rows, columns) = window.GuideGrid;
        return new WindowFeatures(window.Algebra.Resize(blocks.Project(tokens).RowsFrom(1).UnitRows(), window.GridHeight, window.GridWidth, rows, columns));
    }

    public Matrix Relations(WindowTower window) => window.GuideFeatures(GuideOutput.Values).Patches.UnitRows();

    public float[] Refine(float[] logits, int names, float[] relations, IReadOnlyList<Window> windows, PatchCut patches, Threads threads, CancellationToken cancellationToken)
    {
        (double Y, double X)[] places =
        [
            .. from window in windows
               from row in Enumerable.Range(0, patches.Along(window.Height))
               from column in Enumerable.Range(0, patches.Along(window.Width))
               select (window.Y + patches.Centre(row), window.X + patches.Centre(column)),
        ];
        return PatchGraph.Of(relations, places, threads, cancellationToken).Propagate(logits, names, threads, cancellationToken);
    }
}
