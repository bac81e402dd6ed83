using Sclip.Segmentation.Kernels.Bf16;

namespace Sclip.Segmentation.Tests.Kernels;

/// <summary>What kernels are compared with, in plain scalar code.</summary>
internal static class Reference
{
    /// <summary>C[m, n] = start (or 0) + A[m, k] B[k, n]: one chain of multiply-adds along k for each element.</summary>
    public static float[] Product(float[] a, float[] b, float[]? start, int m, int n, int k)
    {
        var result = start?.ToArray() ?? new float[m * n];
        for (var row = 0; row < m; row++)
            for (var i = 0; i < k; i++)
                for (var column = 0; column < n; column++)
                    result[row * n + column] = float.MultiplyAddEstimate(a[row * k + i], b[i * n + column], result[row * n + column]);
        return result;
    }

    /// <summary>The same of operands rounded to bf16: pair by pair along k, of each pair the later product first.</summary>
    public static float[] ProductInBf16(float[] a, float[] b, float[]? start, int m, int n, int k)
    {
        var (left, right) = (a.Select(Rounded).ToArray(), b.Select(Rounded).ToArray());
        var result = start?.ToArray() ?? new float[m * n];
        for (var row = 0; row < m; row++)
            for (var pair = 0; pair < k; pair += 2)
                for (var i = Math.Min(pair + 1, k - 1); i >= pair; i--)
                    for (var column = 0; column < n; column++)
                        result[row * n + column] = MathF.FusedMultiplyAdd(left[row * k + i], right[i * n + column], result[row * n + column]);
        return result;
    }

    public static float[] Transposed(float[] matrix, int rows, int columns)
    {
        var transposed = new float[matrix.Length];
        for (var i = 0; i < matrix.Length; i++)
            transposed[i % columns * rows + i / columns] = matrix[i];
        return transposed;
    }

    public static float[] Random(int count, int seed, float range = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => ((float)random.NextDouble() * 2 - 1) * range)];
    }

    private static float Rounded(float value) => Rounding.Widen(Rounding.Upper(BitConverter.SingleToUInt32Bits(value)));
}
