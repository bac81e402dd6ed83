namespace Sclip.Segmentation.Kernels;

/// <summary>Softmax of a row in place: e^(x - max) / sum, over n elements.</summary>
internal static unsafe class Softmax
{
    public static void Row(float* x, int n) => Row(x, n, Simd.Width);

    public static void Row(float* x, int n, int width)
    {
        switch (width)
        {
            case 512: Row<Simd512>(x, n); break;
            case 256: Row<Simd256>(x, n); break;
            case 128: Row<Simd128>(x, n); break;
            default: Row<Simd1>(x, n); break;
        }
    }

    private static void Row<T>(float* x, int n)
        where T : struct, ISimd<T>
    {
        var vectors = n - n % T.Count;
        var maxima = T.Broadcast(float.MinValue);
        for (var i = 0; i < vectors; i += T.Count)
            maxima = T.Max(maxima, T.Load(x + i));
        var max = T.MaxElement(maxima);
        for (var i = vectors; i < n; i++)
            max = MathF.Max(max, x[i]);

        var sums = T.Broadcast(0);
        for (var i = 0; i < vectors; i += T.Count)
        {
            var power = Simd.Exp(T.Load(x + i) - T.Broadcast(max));
            T.Store(power, x + i);
            sums += power;
        }
        var sum = T.Sum(sums);
        for (var i = vectors; i < n; i++)
        {
            var power = Simd.Exp(Simd1.Load(x + i) - Simd1.Broadcast(max));
            Simd1.Store(power, x + i);
            sum += x[i];
        }

        var scale = 1 / sum;
        for (var i = 0; i < vectors; i += T.Count)
            T.Store(T.Load(x + i) * T.Broadcast(scale), x + i);
        for (var i = vectors; i < n; i++)
            x[i] *= scale;
    }
}
