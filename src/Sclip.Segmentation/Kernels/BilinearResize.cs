using System.Runtime.CompilerServices;

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

    /// <summary>The same where the outermost positions of both lie on each other: source = target (in - 1) / (out - 1).</summary>
    public static Tap[] TapsOfCorners(int source, int target)
    {
        var taps = new Tap[target];
        var scale = target > 1 ? (source - 1f) / (target - 1) : 0;
        for (var i = 0; i < target; i++)
        {
            var first = Math.Min((int)(i * scale), source - 1);
            taps[i] = new Tap(first, Math.Min(first + 1, source - 1), i * scale - first);
        }
        return taps;
    }

    /// <summary>target[n] = (1 - share) first[n] + share second[n], exact where share is 0.</summary>
    public static void Mix(float* first, float* second, float share, float* target, int n) => Mix(first, second, share, target, n, Simd.Width);

    public static void Mix(float* first, float* second, float share, float* target, int n, int width)
    {
        switch (width)
        {
            case 512: Mix<Simd512>(first, second, share, target, n); break;
            case 256: Mix<Simd256>(first, second, share, target, n); break;
            case 128: Mix<Simd128>(first, second, share, target, n); break;
            default: Mix<Simd1>(first, second, share, target, n); break;
        }
    }

    /// <summary>target[i, n] += the row mixed at the i-th column's two positions, each of n floats.</summary>
    public static void AddMixed(float* row, Tap[] columns, int n, float* target) => AddMixed(row, columns, n, target, Simd.Width);

    public static void AddMixed(float* row, Tap[] columns, int n, float* target, int width)
    {
        switch (width)
        {
            case 512: AddMixed<Simd512>(row, columns, n, target); break;
            case 256: AddMixed<Simd256>(row, columns, n, target); break;
            case 128: AddMixed<Simd128>(row, columns, n, target); break;
            default: AddMixed<Simd1>(row, columns, n, target); break;
        }
    }

    /// <summary>Resizes planes [channels, height, width] to [channels, newHeight, newWidth].</summary>
    public static void Planes(ReadOnlySpan<float> source, int channels, int height, int width, Span<float> target, int newHeight, int newWidth, bool alignCorners = false)
    {
        var (rows, columns) = alignCorners ? (TapsOfCorners(height, newHeight), TapsOfCorners(width, newWidth)) : (Taps(height, newHeight), Taps(width, newWidth));
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

    /// <summary>Resizes a channel-last map <c>[height, width, channels]</c> to <c>[newHeight, newWidth, channels]</c>.</summary>
    public static void Pixels(ReadOnlySpan<float> source, int height, int width, int channels, Span<float> target, int newHeight, int newWidth)
    {
        var (rows, columns) = (Taps(height, newHeight), Taps(width, newWidth));
        using var mixed = new NativeBuffer((long)width * channels);
        target.Clear();
        fixed (float* from = source, to = target)
            for (var y = 0; y < newHeight; y++)
            {
                Mix(from + (nint)rows[y].First * width * channels, from + (nint)rows[y].Second * width * channels, rows[y].Share, mixed.Pointer, width * channels);
                AddMixed(mixed.Pointer, columns, channels, to + (nint)y * newWidth * channels);
            }
    }

    // Optimised from the first call on: the first pictures of a process meet nothing else.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix<T>(float* first, float* second, float share, float* target, int n)
        where T : struct, ISimd<T>
    {
        var i = 0;
        for (; i <= n - T.Count; i += T.Count)
            T.Store(Mixed<T>(first + i, second + i, share), target + i);
        for (; i < n; i++)
            Simd1.Store(Mixed<Simd1>(first + i, second + i, share), target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddMixed<T>(float* row, Tap[] columns, int n, float* target)
        where T : struct, ISimd<T>
    {
        foreach (var column in columns)
        {
            float* first = row + column.First * n, second = row + column.Second * n;
            var i = 0;
            for (; i <= n - T.Count; i += T.Count)
                T.Store(Mixed<T>(first + i, second + i, column.Share) + T.Load(target + i), target + i);
            for (; i < n; i++)
                Simd1.Store(Mixed<Simd1>(first + i, second + i, column.Share) + Simd1.Load(target + i), target + i);
            target += n;
        }
    }

    /// <summary>The first vector, and the share of the way to the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Mixed<T>(float* first, float* second, float share)
        where T : struct, ISimd<T>
    {
        var a = T.Load(first);
        return T.MultiplyAdd(T.Load(second) - a, T.Broadcast(share), a);
    }
}
