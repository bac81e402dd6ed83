using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// GEM, the Grounding Everything Module (arXiv 2312.00878): over the last blocks a second path beside the ordinary one, of self-self attention, without MLP.
/// For each z of q, k and v of a head: z &lt;- z / |z|; z &lt;- softmax(tau z zT) z; z &lt;- z / |z|; A_z = softmax(tau z zT). The values v, as they are, are
/// taken by the mean of A_q, A_k and A_v. tau is the mean length of the block's normalised input over sqrt(head dimension), so that it needs no tuning.
/// The authors' code (WalBouss/GEM) changes six blocks of models of any depth, by a depth of "7", and iterates once; it resizes positions with antialiasing.
/// It scales each name's map to 0..1 by itself, of one prompt; here maps are compared as other methods' are.
/// </summary>
internal sealed class Gem : IWindowMethod
{
    public PositionResizing Positions => PositionResizing.BicubicAntialiased;

    public IReadOnlyList<int> Outputs(int blocks) => [.. SecondPath.Outputs(blocks)];

    public WindowFeatures Features(WindowTower window)
    {
        var path = SecondPath.Run(window, block =>
        {
            var tau = window.Scale * block.Normed.RowNorms().Mean();
            return window.Attend(block.Value, head => Weights(window, block, head, tau));
        });
        return WindowFeatures.OfTokens(window.Blocks.Project(path));
    }

    /// <summary>The mean of A_q, A_k and A_v of a head.</summary>
    private static Matrix Weights(WindowTower window, BlockInput input, int head, float tau)
    {
        Matrix[] all = [input.Query, input.Key, input.Value];
        return 1f / all.Length * window.Sum(input.Value.Rows, all.Length, i => SelfSelf(window.Head(all[i], head), tau));
    }

    private static Matrix SelfSelf(Matrix z, float tau)
    {
        var once = z.UnitRows();
        var twice = z.Algebra.Keep(z.Rows, z.Columns, () => (Similar(once) * once).UnitRows());
        return Similar(twice);

        Matrix Similar(Matrix unit) => (tau * unit).TimesTransposed(unit).Softmax();
    }
}
