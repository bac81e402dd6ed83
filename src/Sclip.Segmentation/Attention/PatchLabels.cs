using System.Numerics.Tensors;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Refinement;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// The names that ResCLIP's first pass gives the patches of a window (arXiv 2411.15851, section 3.3): cosines with the names, resized to pixels and refined by
/// PAMR; of each pixel the likeliest name, or the first one of all where it is not likely enough; of each patch its pixels' most frequent name, the smaller
/// number where two are as frequent. The authors' code skips PAMR where a GPU's memory does not suffice; this does not.
/// </summary>
internal static class PatchLabels
{
    private const int PamrSteps = 10;

    // The threshold is tuned to this scale, so that it stays when pictures are labelled at another one.
    private const float LogitScale = 40, Threshold = 0.25f;

    private static readonly int[] PamrDilations = [8, 16];

    /// <summary>The number of a name for each patch.</summary>
    /// <param name="window">The window.</param>
    /// <param name="patches">Features of its patches, <c>[patches, embedding size]</c>.</param>
    public static int[] Of(WindowTower window, Matrix patches)
    {
        var cosines = window.Names.TimesTransposed(patches.UnitRows()).ToArray();
        var (height, width, pixels) = (window.Size.Height, window.Size.Width, window.Size.Height * window.Size.Width);
        var pamr = new Pamr(window.Pixels, 3, height, width, PamrSteps, PamrDilations, window.Blocks.HostThreads, window.CancellationToken);
        var (names, best, sum, shares) = (new int[pixels], new float[pixels], new float[pixels], new float[pixels]);
        best.AsSpan().Fill(float.NegativeInfinity);
        for (var name = 0; name < window.Names.Rows; name++)
        {
            BilinearResize.Planes(cosines.AsSpan(name * patches.Rows, patches.Rows), 1, window.GridHeight, window.GridWidth, pamr.Plane, height, width);
            var refined = pamr.Refine(window.CancellationToken);
            for (var i = 0; i < pixels; i++)
                if (refined[i] > best[i])
                    (best[i], names[i]) = (refined[i], name);
            Likelihoods(refined, shares);
            TensorPrimitives.Add(sum, shares, sum);
        }
        Likelihoods(best, shares);
        for (var i = 0; i < pixels; i++)
            if (shares[i] < Threshold * sum[i])
                names[i] = 0;
        return MostFrequent(names, window);
    }

    /// <summary>exp(scale (cosine - 1)): no cosine is above 1, and that of -1 is no underflow yet.</summary>
    private static void Likelihoods(float[] cosines, float[] target)
    {
        TensorPrimitives.Subtract(cosines, 1f, target);
        TensorPrimitives.Multiply(target, LogitScale, target);
        TensorPrimitives.Exp<float>(target, target);
    }

    /// <summary>The most frequent name of each patch; pixels that fill no patch are left out.</summary>
    private static int[] MostFrequent(int[] names, WindowTower window)
    {
        var (labels, counts, patches) = (new int[window.GridHeight * window.GridWidth], new int[window.Names.Rows], window.Patches);
        for (var i = 0; i < labels.Length; i++)
        {
            Array.Clear(counts);
            var (row, column) = Math.DivRem(i, window.GridWidth);
            for (var y = 0; y < patches.Size; y++)
                foreach (var name in names.AsSpan((row * patches.Step + y) * window.Size.Width + column * patches.Step, patches.Size))
                    counts[name]++;
            labels[i] = counts.AsSpan().IndexOf(counts.Max());
        }
        return labels;
    }
}
