using System.Runtime.CompilerServices;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Text;

/// <summary>Attention of one node of the prefix tree to all of its path, itself included: softmax(q kT / sqrt(head_dim)) v, head by head.</summary>
internal static unsafe class PathAttention
{
    /// <param name="qkv">Queries, keys and values of all nodes, <c>[nodes, 3 width]</c>.</param>
    /// <param name="path">The nodes from the first token to the one that attends.</param>
    /// <param name="width">Width of a query.</param>
    /// <param name="heads">Heads that share it.</param>
    /// <param name="context">The result, <c>[width]</c>.</param>
    /// <param name="vectorBits">512, 256, 128, or 0 for none.</param>
    public static void Attend(float* qkv, ReadOnlySpan<int> path, int width, int heads, float* context, int vectorBits)
    {
        switch (vectorBits)
        {
            case 512 when width / heads % Simd512.Count == 0: Attend<Simd512>(qkv, path, width, heads, context, vectorBits); break;
            case >= 256 when width / heads % Simd256.Count == 0: Attend<Simd256>(qkv, path, width, heads, context, vectorBits); break;
            case >= 128 when width / heads % Simd128.Count == 0: Attend<Simd128>(qkv, path, width, heads, context, vectorBits); break;
            default: Attend<Simd1>(qkv, path, width, heads, context, vectorBits); break;
        }
    }

    // A path has some twenty nodes and a head some four vectors: calls for each pair of them would cost more than the products.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Attend<T>(float* qkv, ReadOnlySpan<int> path, int width, int heads, float* context, int vectorBits)
        where T : struct, ISimd<T>
    {
        var (headDimension, stride) = (width / heads, (nint)3 * width);
        var scale = 1 / MathF.Sqrt(headDimension);
        // Whole vectors for the softmax: what is this far below the rest weighs nothing.
        var whole = (path.Length + T.Count - 1) / T.Count * T.Count;
        var weights = stackalloc float[whole];
        for (var head = 0; head < heads; head++, context += headDimension)
        {
            var query = qkv + path[^1] * stride + head * headDimension;
            for (var i = 0; i < path.Length; i++)
            {
                var key = qkv + path[i] * stride + width + head * headDimension;
                var products = T.Broadcast(0);
                for (var d = 0; d < headDimension; d += T.Count)
                    products = T.MultiplyAdd(T.Load(query + d), T.Load(key + d), products);
                weights[i] = T.Sum(products) * scale;
            }
            new Span<float>(weights + path.Length, whole - path.Length).Fill(float.MinValue);
            Softmax.Row(weights, whole, vectorBits);
            for (var d = 0; d < headDimension; d += T.Count)
            {
                var sum = T.Broadcast(0);
                for (var i = 0; i < path.Length; i++)
                    sum = T.MultiplyAdd(T.Broadcast(weights[i]), T.Load(qkv + path[i] * stride + 2 * width + head * headDimension + d), sum);
                T.Store(sum, context + d);
            }
        }
    }
}
