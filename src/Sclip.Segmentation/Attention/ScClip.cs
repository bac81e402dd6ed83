using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// SC-CLIP, self-calibrated CLIP (arXiv 2411.15869). With X_l the patches behind block l, of twelve, and c_l their CLS: outliers of X_11 are replaced by the mean
/// of their neighbours (<see cref="LocalOutliers"/>, <see cref="PatchRepair"/>), in X_9 too, whose cosines are M. R(S) are cosines S with those below
/// beta = 0.4 set to 0, rows divided by their sums. p = R(M) X_11; with q, k, v of block 12 from z,
/// dec(z, c) = R(cosines of X_4) (out_proj((softmax(3 (M - mean M), without what is below 0) + softmax(k kT)) / 2 v) + 0.3 c),
/// and the features are those of dec(p, c_11) + dec(X_4 + ... + X_10, c_4 + ... + c_10): no residual, no MLP.
/// The authors' code (SuleBai/SC-CLIP) finds the row of an outlier by the number of rows, which holds in square windows alone; here rows and columns are those of
/// the grid, as the paper means it. Fewer than 31 patches cannot be compared with 30 others.
/// </summary>
internal sealed class ScClip : IWindowMethod
{
    private const float Beta = 0.4f, Sharpness = 3, ShareOfClass = 0.3f, Epsilon = 1e-6f;
    private const int Shallow = 4, Middle = 9, Deep = 10;

    public string? Refusal(ClipConfig config) => NumberedBlocks.Refusal(config);

    public IReadOnlyList<int> Outputs(int blocks) => [.. Levels(blocks), blocks - 1];

    public WindowFeatures Features(WindowTower window)
    {
        CheckSize(window);
        var (algebra, last) = (window.Algebra, window.Output(window.Last - 1));
        var patches = last.RowsFrom(1);
        var count = patches.Rows;
        var repair = new PatchRepair(LocalOutliers.Find(Factors(patches)), window.GridHeight, window.GridWidth);
        // M as it is serves attention, and aggregates X_11.
        var calibrated = algebra.Zeros(count, patches.Columns);
        var attention = algebra.Keep(count, count, () =>
        {
            var m = Cosines(repair.Apply(window.Output(NumberedBlocks.Of(Middle, window.Last)).RowsFrom(1)));
            using (algebra.Scope())
                calibrated.Set(Aggregation(m) * repair.Apply(patches));
            return (Sharpness * m.Scale(1, -m.Mean())).ReplaceBelow(0, float.NegativeInfinity).Softmax();
        });
        var aggregation = algebra.Keep(count, count, () => Aggregation(Cosines(window.Output(NumberedBlocks.Of(Shallow, window.Last)).RowsFrom(1))));
        var several = Levels(window.Last).Select(window.Output).Aggregate((sum, level) => sum + level);
        // The window's own way comes last, since it is what the method's attention is shown of.
        var decoded = Decode(several.RowsFrom(1), several.RowRange(0, 1)) + Decode(calibrated, last.RowRange(0, 1));
        return new WindowFeatures(window.Blocks.Project(decoded));

        Matrix Decode(Matrix z, Matrix token)
        {
            var input = window.Input(window.Last, z);
            var context = window.Attend(input.Value, head => 0.5f * (attention + window.Softmax(input.Key, input.Key, head)));
            return aggregation * (window.Blocks.ProjectOut(window.Last, context) + ShareOfClass * token);
        }
    }

    /// <summary>The local outlier factor of each patch.</summary>
    internal static float[] Factors(Matrix patches)
    {
        using var scope = patches.Algebra.Scope();
        var norms = patches.RowNorms();
        var squares = norms & norms;
        // |a - b|^2 = |a|^2 + |b|^2 - 2 a b.
        return LocalOutliers.Factors((squares + squares.Transposed() - 2 * patches.TimesTransposed(patches)).ToArray(), patches.Rows);
    }

    private static int[] Levels(int blocks) => [.. Enumerable.Range(Shallow, Deep - Shallow + 1).Select(level => NumberedBlocks.Of(level, blocks))];

    private static Matrix Cosines(Matrix patches)
    {
        var unit = patches.UnitRows();
        return unit.TimesTransposed(unit);
    }

    private static Matrix Aggregation(Matrix cosines) => cosines.ReplaceBelow(Beta, 0).DivideBySums(Epsilon);

    private static void CheckSize(WindowTower window)
    {
        if (window.GridHeight * window.GridWidth > LocalOutliers.Neighbours)
            return;
        var side = window.Patches.Span((int)Math.Ceiling(Math.Sqrt(LocalOutliers.Neighbours + 1)));
        throw new SegmentationException(
            $"The method sc-clip compares each patch of a window with {LocalOutliers.Neighbours} others; a window of {window.Size.Width} x {window.Size.Height} pixels has {window.GridHeight * window.GridWidth}. "
            + $"Give a crop of at least {side} pixels (--crop), and a short side no smaller where the picture is (--short-side).");
    }
}
