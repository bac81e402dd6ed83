namespace Sclip.Segmentation.Kernels;

/// <summary>Layer normalisation of rows: y = (x - mean) / sqrt(variance + epsilon) * weight + bias, over n elements.</summary>
internal static unsafe class LayerNorm
{
    /// <summary>Normalises [rows, n]; x and y may be the same.</summary>
    public static void Apply(float* x, float* y, int rows, int n, float* weight, float* bias, float epsilon, Threads threads)
    {
        const int RowsOfTask = 32;
        threads.For((rows + RowsOfTask - 1) / RowsOfTask, (task, _) =>
        {
            var first = task * RowsOfTask;
            Rows(x + (nint)first * n, y + (nint)first * n, Math.Min(RowsOfTask, rows - first), n, weight, bias, epsilon);
        });
    }

    /// <summary>Normalises [rows, n] on this thread.</summary>
    public static void Rows(float* x, float* y, int rows, int n, float* weight, float* bias, float epsilon)
    {
        for (var row = 0; row < rows; row++)
            Row(x + (nint)row * n, y + (nint)row * n, n, weight, bias, epsilon, Simd.Width);
    }

    public static void Row(float* x, float* y, int n, float* weight, float* bias, float epsilon, int width)
    {
        switch (width)
        {
            case 512: Row<Simd512>(x, y, n, weight, bias, epsilon); break;
            case 256: Row<Simd256>(x, y, n, weight, bias, epsilon); break;
            case 128: Row<Simd128>(x, y, n, weight, bias, epsilon); break;
            default: Row<Simd1>(x, y, n, weight, bias, epsilon); break;
        }
    }

    private static void Row<T>(float* x, float* y, int n, float* weight, float* bias, float epsilon)
        where T : struct, ISimd<T>
    {
        var vectors = n - n % T.Count;
        var sums = T.Broadcast(0);
        for (var i = 0; i < vectors; i += T.Count)
            sums += T.Load(x + i);
        var sum = T.Sum(sums);
        for (var i = vectors; i < n; i++)
            sum += x[i];
        var mean = sum / n;

        // The variance in a second pass: the one-pass formula loses digits where the mean is large.
        var squares = T.Broadcast(0);
        for (var i = 0; i < vectors; i += T.Count)
        {
            var difference = T.Load(x + i) - T.Broadcast(mean);
            squares = T.MultiplyAdd(difference, difference, squares);
        }
        var square = T.Sum(squares);
        for (var i = vectors; i < n; i++)
            square += (x[i] - mean) * (x[i] - mean);
        var scale = 1 / MathF.Sqrt(square / n + epsilon);

        for (var i = 0; i < vectors; i += T.Count)
            T.Store(T.MultiplyAdd((T.Load(x + i) - T.Broadcast(mean)) * T.Broadcast(scale), T.Load(weight + i), T.Load(bias + i)), y + i);
        for (var i = vectors; i < n; i++)
            y[i] = float.MultiplyAddEstimate((x[i] - mean) * scale, weight[i], bias[i]);
    }
}
