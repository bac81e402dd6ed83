using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// ProxyCLIP (arXiv 2408.04883): in the last block patches attend to those that a guide finds alike, F its features, for all heads:
/// S = cos(F, F); A = softmax(gamma (S - beta mean S), below 0 left out). Values come to the guide's grid bilinearly; the output is the attention's alone,
/// without residual and MLP, at the guide's resolution.
/// The authors' code (mc-lan/ProxyCLIP) takes the mean of S over a batch, here over the window; swaps rows and columns, so that squares alone work; and gives
/// no numbers where the patches are so alike that beta mean S exceeds 1, since none is left: here none is left out then. Windows of a sliding crop are padded
/// by it to multiples of 56 pixels, in which DINO's patches and DINOv2's are whole.
/// </summary>
internal sealed class ProxyClip : IWindowMethod
{
    /// <summary>Windows of a sliding crop are padded to multiples of so many pixels.</summary>
    public const int PadTo = 56;

    private const float Beta = 1.2f, Gamma = 3;

    // Floats of A that are held at a time: of a whole picture it would take gigabytes.
    private const int MostWeights = 1 << 24;

    public bool HoldsMaps => false;

    public IReadOnlyList<int> Outputs(int blocks) => [blocks - 1];

    public WindowFeatures Features(WindowTower window)
    {
        var (algebra, blocks) = (window.Algebra, window.Blocks);
        var guide = window.GuideFeatures();
        var patches = guide.Patches.UnitRows();
        var value = window.Input(window.Last, window.Output(window.Last - 1)).Value.RowsFrom(1);
        value = algebra.Resize(value, window.GridHeight, window.GridWidth, guide.GridHeight, guide.GridWidth);
        var threshold = Beta * MeanOfCosines(patches);
        var (count, some) = (patches.Rows, Math.Max(1, MostWeights / patches.Rows));
        var context = algebra.Zeros(count, value.Columns);
        window.Watched?.Begin();
        for (var first = 0; first < count; first += some)
        {
            using var scope = algebra.Scope();
            var queries = Math.Min(some, count - first);
            var scores = patches.RowRange(first, queries).TimesTransposed(patches).Scale(Gamma, -Gamma * threshold);
            var weights = (threshold < 1 ? scores.ReplaceBelow(0, float.NegativeInfinity) : scores).Softmax();
            // Behind CLS.
            window.Watched?.Add(weights, 1 + first);
            context.RowRange(first, queries).Set(weights * value);
        }
        return new WindowFeatures(blocks.Project(blocks.ProjectOut(window.Last, context)));
    }

    /// <summary>The mean of all cosines, which is the square of how long the mean of the unit vectors is: S is held by rows alone.</summary>
    private static float MeanOfCosines(Matrix unit)
    {
        var length = (unit.Algebra.Zeros(1, unit.Rows).Scale(0, 1f / unit.Rows) * unit).RowNorms().Mean();
        return length * length;
    }
}
