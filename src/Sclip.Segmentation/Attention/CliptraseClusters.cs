using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// CLIPtrase whole (arXiv 2407.08268): features as of <see cref="CliptraseAttention"/>; then patches that are alike form regions, whose pixels vote on one label
/// (<see cref="PostProcessing.RegionVote"/>).
/// Alike are patches in the block before the last, which itself runs as ever: affinity = the mean over heads of (cos(q, q) + cos(k, k) + cos(v, v)) / 3. What all
/// share is taken off, S = max(affinity of patches - affinity of CLS with them, 0), and the rows of S are clustered by DBSCAN, with eps .7 and 3 neighbours for
/// pictures of 14 x 14 patches, 1.1 and 7 for 21 x 21 in the authors' code (leaves162/CLIPtrase), of which the one nearest by the number of patches is taken here. A
/// region is told by the mean of its rows.
/// Their code squashes pictures into a square and cuts its centre out; here the picture is taken as it is, as one window. On VOC20 they multiply patch logits by
/// those of CLS, and a second version of the code averages a region's logits in place of a vote; neither is done here.
/// </summary>
/// <param name="density">DBSCAN's eps and smallest number of neighbours; null goes by the number of patches.</param>
internal sealed class CliptraseClusters((double Eps, int Neighbours)? density = null) : IWindowMethod
{
    private static readonly (int Patches, double Eps, int Neighbours)[] Authors = [(14 * 14, 0.7, 3), (21 * 21, 1.1, 7)];

    public bool FindsRegions => true;

    public string? Refusal(ClipConfig config) => config.Vision.Layers > 1
        ? null
        : "compares patches in the block before the last, and this model's vision transformer has one block; use a model of two blocks or more.";

    public IReadOnlyList<int> Outputs(int blocks) => [blocks - 2, blocks - 1];

    public WindowFeatures Features(WindowTower window)
    {
        var before = window.Output(window.Last - 1);
        var input = window.Input(window.Last, before);
        var context = window.Attend(input.Value, head =>
            window.Softmax(input.Query, input.Query, head) + window.Softmax(input.Key, input.Key, head) + window.Softmax(input.Value, input.Value, head));
        var tokens = window.Blocks.AddMlp(window.Last, before + window.Blocks.ProjectOut(window.Last, context));
        return WindowFeatures.OfTokens(window.Blocks.Project(tokens)) with { Regions = Regions(window) };
    }

    /// <summary>The affinity of all tokens in the block before the last, <c>[tokens, tokens]</c>.</summary>
    public static Matrix Affinity(WindowTower window)
    {
        var input = window.Input(window.Last - 1, window.Output(window.Last - 2));
        var (tokens, width) = (input.Query.Rows, input.Query.Columns);
        // Cosines of all heads of all three are one product of rows whose parts have unit length.
        var units = window.Algebra.Zeros(tokens, 3 * width);
        foreach (var (index, operand) in ((Matrix[])[input.Query, input.Key, input.Value]).Index())
            for (var head = 0; head < window.Heads; head++)
                units.ColumnRange(index * width + head * window.HeadDimension, window.HeadDimension).Set(window.Head(operand, head).UnitRows());
        return (1f / (3 * window.Heads) * units).TimesTransposed(units);
    }

    private PatchRegions Regions(WindowTower window)
    {
        using var scope = window.Algebra.Scope();
        var affinity = Affinity(window);
        var patches = affinity.Rows - 1;
        var rows = (affinity.Part(1, patches, 1, patches) - affinity.Part(0, 1, 1, patches)).Apply(MatrixFunction.Relu).ToArray();
        var (eps, neighbours) = density ?? Density(patches);
        return PatchRegions.Of(window.GridHeight, window.GridWidth, rows, DensityClusters.Find(rows, patches, eps, neighbours));
    }

    private static (double Eps, int Neighbours) Density(int patches) =>
        Authors.MinBy(setting => Math.Abs(setting.Patches - patches)) is var (_, eps, neighbours) ? (eps, neighbours) : default;
}
