using System.Runtime.CompilerServices;

namespace Sclip.Segmentation.Kernels;

/// <summary>Softmax down the columns of a panel, in place: share e^(scale (x - max)) / sum, over rows. Columns are whole vectors, so nothing is summed across one.</summary>
internal static unsafe class ColumnSoftmax
{
    /// <param name="x"><c>[rows, columns]</c>; columns is a multiple of a vector's length.</param>
    /// <param name="rows">Elements of each softmax.</param>
    /// <param name="columns">Softmaxes side by side.</param>
    /// <param name="scale">Factor before the exponential; positive.</param>
    /// <param name="share">Factor of the result.</param>
    /// <param name="width">Bits of the vectors: 512, 256, 128, or 0 for none.</param>
    public static void Apply(float* x, int rows, int columns, float scale, float share, int width)
    {
        switch (width)
        {
            case 512: Run<Simd512>(x, rows, columns, scale, share); break;
            case 256: Run<Simd256>(x, rows, columns, scale, share); break;
            case 128: Run<Simd128>(x, rows, columns, scale, share); break;
            default: Run<Simd1>(x, rows, columns, scale, share); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T>(float* x, int rows, int columns, float scale, float share)
        where T : struct, ISimd<T>
    {
        for (var column = 0; column < columns; column += T.Count)
        {
            // Two chains each, since one would wait for its own last result.
            var (even, odd) = (T.Load(x + column), T.Load(x + column));
            var row = x + column;
            for (var i = 1; i < rows; i += 2)
            {
                even = T.Max(even, T.Load(row + (nint)i * columns));
                odd = T.Max(odd, T.Load(row + (nint)(i - 1) * columns));
            }
            odd = T.Max(odd, T.Load(row + (nint)(rows - 1) * columns));
            var shift = T.Max(even, odd) * T.Broadcast(-scale);
            var sum = T.Broadcast(0);
            for (var i = 0; i < rows; i++, row += columns)
            {
                var power = Simd.Exp(T.MultiplyAdd(T.Load(row), T.Broadcast(scale), shift));
                T.Store(power, row);
                sum += power;
            }
            var factor = T.Broadcast(share) / sum;
            row = x + column;
            for (var i = 0; i < rows; i++, row += columns)
                T.Store(T.Load(row) * factor, row);
        }
    }
}
