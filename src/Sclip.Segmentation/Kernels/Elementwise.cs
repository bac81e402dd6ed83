using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Sclip.Segmentation.Kernels;

/// <summary>Functions of single elements, in place over n floats.</summary>
internal static unsafe class Elementwise
{
    private interface IFunction
    {
        static abstract T Apply<T>(T x)
            where T : struct, ISimd<T>;
    }

    /// <summary>x += y.</summary>
    public static void Add(float* x, float* y, int n)
    {
        var values = new Span<float>(x, n);
        TensorPrimitives.Add(values, new ReadOnlySpan<float>(y, n), values);
    }

    /// <summary>x *= factor.</summary>
    public static void Scale(float* x, float factor, int n)
    {
        var values = new Span<float>(x, n);
        TensorPrimitives.Multiply(values, factor, values);
    }

    /// <summary>x = x sigmoid(1.702 x).</summary>
    public static void QuickGelu(float* x, int n) => Run<QuickGeluFunction>(x, n, Simd.Width);

    /// <summary>x = x (1 + erf(x / sqrt 2)) / 2.</summary>
    public static void Gelu(float* x, int n) => Run<GeluFunction>(x, n, Simd.Width);

    public static void QuickGelu(float* x, int n, int width) => Run<QuickGeluFunction>(x, n, width);

    public static void Gelu(float* x, int n, int width) => Run<GeluFunction>(x, n, width);

    private static void Run<TFunction>(float* x, int n, int width)
        where TFunction : struct, IFunction
    {
        switch (width)
        {
            case 512: Run<TFunction, Simd512>(x, n); break;
            case 256: Run<TFunction, Simd256>(x, n); break;
            case 128: Run<TFunction, Simd128>(x, n); break;
            default: Run<TFunction, Simd1>(x, n); break;
        }
    }

    private static void Run<TFunction, T>(float* x, int n)
        where TFunction : struct, IFunction
        where T : struct, ISimd<T>
    {
        var i = 0;
        for (; i <= n - T.Count; i += T.Count)
            T.Store(TFunction.Apply(T.Load(x + i)), x + i);
        for (; i < n; i++)
            Simd1.Store(TFunction.Apply(Simd1.Load(x + i)), x + i);
    }

    private readonly struct QuickGeluFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ISimd<T>
            => x / (T.Broadcast(1) + Simd.Exp(x * T.Broadcast(-1.702f)));
    }

    private readonly struct GeluFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ISimd<T>
        {
            // erf by Abramowitz and Stegun 7.1.26 (error below 1.5e-7) for |z|; half x (1 + erf z) = max(x, 0) - |x| / 2 (1 - erf |z|).
            var absolute = T.Max(x, T.Broadcast(0) - x);
            var z = absolute * T.Broadcast(0.70710678f);
            var t = T.Broadcast(1) / T.MultiplyAdd(z, T.Broadcast(0.3275911f), T.Broadcast(1));
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
