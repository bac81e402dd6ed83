using System.Numerics.Tensors;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// E of ResCLIP's Semantic Feedback Refinement (arXiv 2411.15851, section 3.3): 1 between patches of one label, less by exp(-d / D) where the way between
/// them leads over other labels, d being the greater of the distances down and across, D the largest d; then smoothed by a Gaussian.
/// The authors' code looks less closely than the paper: a way is cut into D steps however short it is, and only d of them are taken, so that
/// between near patches the first part alone counts; and the smoothing runs along the row of all patches, over the ends of the picture's rows.
/// </summary>
/// <param name="decay">Whether E falls off at all ("delete" in the authors' code).</param>
internal sealed class SemanticFeedback(bool decay)
{
    private const float Sigma = 5, Epsilon = 1e-8f;
    private const int MostTaps = 31;

    /// <summary>E, <c>[tokens, tokens]</c>: each row sums up to 1, those of CLS to 0.</summary>
    /// <param name="labels">The label of each patch, row by row.</param>
    /// <param name="gridHeight">Rows of patches.</param>
    /// <param name="gridWidth">Columns of patches.</param>
    public float[] Affinity(ReadOnlySpan<int> labels, int gridHeight, int gridWidth)
    {
        var (patches, tokens) = (labels.Length, labels.Length + 1);
        var affinity = new float[checked(tokens * tokens)];
        var sharp = new float[patches];
        var kernel = Gaussian(patches);
        var shares = StepShares(Math.Max(gridHeight, gridWidth) - 1);
        for (var from = 0; from < patches; from++)
        {
            for (var to = 0; to < patches; to++)
                sharp[to] = labels[from] == labels[to] ? Closeness(labels, gridWidth, from, to, shares) : 0;
            var row = affinity.AsSpan((from + 1) * tokens + 1, patches);
            Smooth(sharp, kernel, row);
            TensorPrimitives.Divide(row, TensorPrimitives.Sum<float>(row) + Epsilon, row);
        }
        return affinity;
    }

    /// <summary>E between two patches of one label, before it is smoothed.</summary>
    private float Closeness(ReadOnlySpan<int> labels, int gridWidth, int from, int to, float[] shares)
    {
        if (!decay)
            return 1;
        var ((y, x), (otherY, otherX)) = (Math.DivRem(from, gridWidth), Math.DivRem(to, gridWidth));
        var distance = Math.Max(Math.Abs(otherY - y), Math.Abs(otherX - x));
        for (var step = 1; step <= distance; step++)
            if (labels[Between(y, otherY, shares[step]) * gridWidth + Between(x, otherX, shares[step])] != labels[from])
                return MathF.Exp(-(float)distance / (shares.Length - 1));
        return 1;
    }

    /// <summary>In fp32 as there, since which of two patches half a step falls to hangs on it.</summary>
    private static int Between(int from, int to, float share) => (int)MathF.Round(from * (1 - share) + to * share);

    /// <summary>0, 1 / D, … 1: the second half counted down from 1, as PyTorch spaces numbers.</summary>
    private static float[] StepShares(int steps)
    {
        var shares = new float[steps + 1];
        var step = 1f / steps;
        for (var i = 1; i <= steps; i++)
            shares[i] = i < shares.Length / 2 ? step * i : 1 - step * (steps - i);
        return shares;
    }

    /// <summary>An odd number of taps, which add up to 1.</summary>
    private static float[] Gaussian(int patches)
    {
        var taps = Math.Min(patches, MostTaps) | 1;
        var kernel = new float[taps];
        for (var i = 0; i < taps; i++)
            kernel[i] = MathF.Exp(-(i - taps / 2) * (i - taps / 2) / (2 * Sigma * Sigma));
        TensorPrimitives.Divide(kernel, TensorPrimitives.Sum<float>(kernel), kernel);
        return kernel;
    }

    /// <summary>target = the kernel over the source, with zeros beyond its ends.</summary>
    private static void Smooth(ReadOnlySpan<float> source, ReadOnlySpan<float> kernel, Span<float> target)
    {
        target.Clear();
        for (var tap = 0; tap < kernel.Length; tap++)
        {
            var shift = tap - kernel.Length / 2;
            var (first, count) = (Math.Max(-shift, 0), source.Length - Math.Abs(shift));
            if (count <= 0)
                continue;
            var part = target.Slice(first, count);
            TensorPrimitives.MultiplyAdd(source.Slice(first + shift, count), kernel[tap], part, part);
        }
    }
}
