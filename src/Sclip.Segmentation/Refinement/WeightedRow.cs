using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Refinement;

/// <summary>target[x] += weights[x] * source[clamp(x + shift)], over n pixels of a row.</summary>
internal static unsafe class WeightedRow
{
    public static void Add(float* weights, float* source, int shift, float* target, int n, int width)
    {
        // Inside, the shifted row is read straight; the clamped ends are few.
        var first = Math.Clamp(-shift, 0, n);
        var end = Math.Clamp(n - shift, first, n);
        for (var x = 0; x < first; x++)
            target[x] = float.MultiplyAddEstimate(weights[x], source[0], target[x]);
        switch (width)
        {
            case 512: Inside<Simd512>(weights, source + shift, target, first, end); break;
            case 256: Inside<Simd256>(weights, source + shift, target, first, end); break;
            case 128: Inside<Simd128>(weights, source + shift, target, first, end); break;
            default: Inside<Simd1>(weights, source + shift, target, first, end); break;
        }
        for (var x = end; x < n; x++)
            target[x] = float.MultiplyAddEstimate(weights[x], source[n - 1], target[x]);
    }

    private static void Inside<T>(float* weights, float* source, float* target, int first, int end)
        where T : struct, ISimd<T>
    {
        var x = first;
        for (; x <= end - T.Count; x += T.Count)
            T.Store(T.MultiplyAdd(T.Load(weights + x), T.Load(source + x), T.Load(target + x)), target + x);
        for (; x < end; x++)
            target[x] = float.MultiplyAddEstimate(weights[x], source[x], target[x]);
    }
}
