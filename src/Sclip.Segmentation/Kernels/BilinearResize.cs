namespace Sclip.Segmentation.Kernels;

/// <summary>Bilinear interpolation with half-pixel centres and no antialiasing: source = max((target + 0.5) * in / out - 0.5, 0).</summary>
internal static unsafe class BilinearResize
{
    /// <summary>The two source positions of each target position along one axis, and the share of the second.</summary>
    public static Tap[] Taps(int source, int target)
    {
        var taps = new Tap[target];
        var scale = (float)source / target;
        for (var i = 0; i < target; i++)
        {
            var position = Math.Max((i + 0.5f) * scale - 0.5f, 0);
            var first = Math.Min((int)position, source - 1);
            taps[i] = new Tap(first, Math.Min(first + 1, source - 1), position - first);
        }
        return taps;
    }

    /// <summary>target[n] = (1 - share) first[n] + share second[n], exact where share is 0.</summary>
    public static void Mix(float* first, float* second, float share, float* target, int n) => Run<MixInto>(first, second, share, target, n, Simd.Width);

    /// <summary>target[n] += (1 - share) first[n] + share second[n].</summary>
    public static void AddMix(float* first, float* second, float share, float* target, int n) => Run<MixOnto>(first, second, share, target, n, Simd.Width);

    /// <summary>target[i, n] += the row at the i-th column's two positions, each of n floats.</summary>
    public static void AddMixed(float* row, Tap[] columns, int n, float* target)
    {
        foreach (var column in columns)
        {
            AddMix(row + column.First * n, row + column.Second * n, column.Share, target, n);
            target += n;
        }
    }

    public static void Mix(float* first, float* second, float share, float* target, int n, int width) => Run<MixInto>(first, second, share, target, n, width);

    public static void AddMix(float* first, float* second, float share, float* target, int n, int width) => Run<MixOnto>(first, second, share, target, n, width);

    /// <summary>Resizes planes [channels, height, width] to [channels, newHeight, newWidth].</summary>
    public static void Planes(ReadOnlySpan<float> source, int channels, int height, int width, Span<float> target, int newHeight, int newWidth)
    {
        var (rows, columns) = (Taps(height, newHeight), Taps(width, newWidth));
        for (var channel = 0; channel < channels; channel++)
            for (var y = 0; y < newHeight; y++)
            {
                var first = source.Slice((channel * height + rows[y].First) * width, width);
                var second = source.Slice((channel * height + rows[y].Second) * width, width);
                var row = target.Slice((channel * newHeight + y) * newWidth, newWidth);
                for (var x = 0; x < newWidth; x++)
                    row[x] = rows[y].Mix(columns[x].Mix(first), columns[x].Mix(second));
            }
    }

    private interface ITarget
    {
        static abstract T Combine<T>(T mixed, T target)
            where T : struct, ISimd<T>;
    }

    private static void Run<TTarget>(float* first, float* second, float share, float* target, int n, int width)
        where TTarget : struct, ITarget
    {
        switch (width)
        {
            case 512: Run<TTarget, Simd512>(first, second, share, target, n); break;
            case 256: Run<TTarget, Simd256>(first, second, share, target, n); break;
            case 128: Run<TTarget, Simd128>(first, second, share, target, n); break;
            default: Run<TTarget, Simd1>(first, second, share, target, n); break;
        }
    }

    private static void Run<TTarget, T>(float* first, float* second, float share, float* target, int n)
        where TTarget : struct, ITarget
        where T : struct, ISimd<T>
    {
        var i = 0;
        for (; i <= n - T.Count; i += T.Count)
            Step<TTarget, T>(first + i, second + i, share, target + i);
        for (; i < n; i++)
            Step<TTarget, Simd1>(first + i, second + i, share, target + i);
    }

    private static void Step<TTarget, T>(float* first, float* second, float share, float* target)
        where TTarget : struct, ITarget
        where T : struct, ISimd<T>
    {
        var a = T.Load(first);
        T.Store(TTarget.Combine(T.MultiplyAdd(T.Load(second) - a, T.Broadcast(share), a), T.Load(target)), target);
    }

    private readonly struct MixInto : ITarget
    {
        public static T Combine<T>(T mixed, T target)
            where T : struct, ISimd<T> => mixed;
    }

    private readonly struct MixOnto : ITarget
    {
        public static T Combine<T>(T mixed, T target)
            where T : struct, ISimd<T> => mixed + target;
    }
}
