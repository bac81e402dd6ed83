using System.Runtime.CompilerServices;

namespace Sclip.Segmentation.Kernels;

/// <summary>What follows a matrix product, on one tile of C while it is in the first-level cache.</summary>
internal static unsafe class TileEpilogue
{
    private interface IFunction
    {
        static abstract T Apply<T>(T x)
            where T : struct, ISimd<T>;
    }

    /// <summary>Adds the bias <c>[columns]</c>, where there is one, and applies the activation.</summary>
    public static void Apply<T>(float* c, nint stride, int rows, int columns, float* bias, Epilogue epilogue)
        where T : struct, ISimd<T>
    {
        switch (epilogue)
        {
            case Epilogue.QuickGelu: Run<QuickGelu, T>(c, stride, rows, columns, bias); break;
            case Epilogue.Gelu: Run<Gelu, T>(c, stride, rows, columns, bias); break;
            default:
                if (bias is not null)
                    Run<Same, T>(c, stride, rows, columns, bias);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TFunction, T>(float* c, nint stride, int rows, int columns, float* bias)
        where TFunction : struct, IFunction
        where T : struct, ISimd<T>
    {
        for (var row = 0; row < rows; row++, c += stride)
        {
            var i = 0;
            for (; i <= columns - T.Count; i += T.Count)
                T.Store(TFunction.Apply(bias is null ? T.Load(c + i) : T.Load(c + i) + T.Load(bias + i)), c + i);
            for (; i < columns; i++)
                Simd1.Store(TFunction.Apply(Simd1.Broadcast(bias is null ? c[i] : c[i] + bias[i])), c + i);
        }
    }

    private readonly struct Same : IFunction
    {
        public static T Apply<T>(T x)
            where T : struct, ISimd<T>
            => x;
    }

    private readonly struct QuickGelu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ISimd<T>
            => x * T.Reciprocal(T.Broadcast(1) + Simd.Exp(x * T.Broadcast(-1.702f)));
    }

    private readonly struct Gelu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ISimd<T>
        {
            // erf by Abramowitz and Stegun 7.1.26 (error below 1.5e-7) for |z|; half x (1 + erf z) = max(x, 0) - |x| / 2 (1 - erf |z|).
            var absolute = T.Max(x, T.Broadcast(0) - x);
            var z = absolute * T.Broadcast(0.70710678f);
            var t = T.Reciprocal(T.MultiplyAdd(z, T.Broadcast(0.3275911f), T.Broadcast(1)));
            var p = T.Broadcast(1.061405429f);
            p = T.MultiplyAdd(p, t, T.Broadcast(-1.453152027f));
            p = T.MultiplyAdd(p, t, T.Broadcast(1.421413741f));
            p = T.MultiplyAdd(p, t, T.Broadcast(-0.284496736f));
            p = T.MultiplyAdd(p, t, T.Broadcast(0.254829592f));
            var complement = p * t * Simd.Exp(T.Broadcast(0) - z * z);
            return T.Max(x, T.Broadcast(0)) - absolute * T.Broadcast(0.5f) * complement;
        }
    }
}
