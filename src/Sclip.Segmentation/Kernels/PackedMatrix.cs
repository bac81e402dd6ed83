namespace Sclip.Segmentation.Kernels;

/// <summary>
/// The right factor B of a matrix product, <c>[K, N]</c>, cut into panels of a tile's columns: panel by panel, and within a panel row by
/// row (for bf16 pair of rows by pair of rows), so that the micro-kernel reads it straight through. The last panel is filled up with zeros.
/// </summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    private readonly NativeBuffer? _panels;

    public PackedMatrix(int k, int n, GemmKernel kernel)
    {
        (K, N, Kernel) = (k, n, kernel);
        _panels = new NativeBuffer(PackedLength(k, n, kernel));
        Values = _panels.Pointer;
    }

    /// <summary>Over the working memory of another, for a factor that is multiplied with once.</summary>
    public PackedMatrix(int k, int n, GemmKernel kernel, WorkingMemory memory)
    {
        (K, N, Kernel) = (k, n, kernel);
        Values = memory(PackedLength(k, n, kernel));
    }

    /// <summary>Gives memory for so many floats.</summary>
    public delegate float* WorkingMemory(long length);

    public int K { get; }

    public int N { get; }

    public GemmKernel Kernel { get; }

    /// <summary>Number of panels.</summary>
    public int Panels => (N + Kernel.Columns - 1) / Kernel.Columns;

    /// <summary>The panels, one behind the other.</summary>
    public float* Values { get; }

    /// <summary>Floats of a packed [k, n] matrix.</summary>
    public static long PackedLength(int k, int n, GemmKernel kernel) => (long)kernel.Steps(k) * ((n + kernel.Columns - 1) / kernel.Columns) * kernel.Columns;

    /// <summary>Packs rows <c>[firstColumn..]</c> of a weight stored <c>[N, K]</c>, as linear layers are: row i becomes column firstColumn + i.</summary>
    public void SetColumns(int firstColumn, ReadOnlySpan<float> rows)
    {
        fixed (float* source = rows)
            PackTransposed(source, K, rows.Length / K, K, Values, Kernel, firstColumn);
    }

    /// <summary>The same of a weight that is still in its file, a panel at a time: what is read is packed while it is in the cache.</summary>
    public void SetColumns(int firstColumn, int count, StoredRows rows, Scratch scratch)
    {
        var values = scratch.Get(Scratch.Slot.Stored, (long)Kernel.Columns * K);
        for (int row = 0, some; row < count; row += some)
        {
            some = Math.Min(count - row, Kernel.Columns - (firstColumn + row) % Kernel.Columns);
            rows.Read(row, new Span<float>(values, some * K));
            PackTransposed(values, K, some, K, Values, Kernel, firstColumn + row, scratch);
        }
    }

    /// <summary>Packs a matrix stored <c>[K, N]</c>, for kernels of fp32.</summary>
    public void SetRows(ReadOnlySpan<float> values)
    {
        fixed (float* source = values)
            Pack(source, N, K, N, Values, Kernel);
    }

    /// <summary>Packs [k, n] (rows of <paramref name="rowStride"/> floats) into panels.</summary>
    public static void Pack(float* source, nint rowStride, int k, int n, float* panels, GemmKernel kernel)
    {
        var columns = kernel.Columns;
        for (var first = 0; first < n; first += columns, panels += (nint)k * columns)
        {
            var width = Math.Min(columns, n - first);
            for (var row = 0; row < k; row++)
            {
                var target = new Span<float>(panels + (nint)row * columns, columns);
                new ReadOnlySpan<float>(source + row * rowStride + first, width).CopyTo(target);
                target[width..].Clear();
            }
        }
    }

    /// <summary>Packs [n, k] (rows of <paramref name="rowStride"/> floats), transposed, from column <paramref name="firstColumn"/> on.</summary>
    public static void PackTransposed(float* source, nint rowStride, int n, int k, float* panels, GemmKernel kernel, int firstColumn = 0, Scratch? scratch = null)
    {
        var (columns, steps) = (kernel.Columns, kernel.Steps(k));
        using var own = kernel.StepDepth == 1 || scratch is not null ? null : new NativeBuffer((long)columns * steps);
        var rounded = kernel.StepDepth == 1 ? null : own is not null ? own.Pointer : scratch!.Get(Scratch.Slot.Rounded, (long)columns * steps);
        for (int row = 0, count; row < n; row += count)
        {
            var (panel, column) = Math.DivRem(firstColumn + row, columns);
            count = Math.Min(columns - column, n - row);
            kernel.Interleave(source + row * rowStride, rowStride, count, k, panels + (nint)panel * steps * columns + column, columns, rounded);
        }
        // Lanes behind the last column must hold numbers: the kernel multiplies them, though nobody reads the products.
        var (last, used) = Math.DivRem(firstColumn + n, columns);
        if (used > 0)
            for (var step = 0; step < steps; step++)
                new Span<float>(panels + ((nint)last * steps + step) * columns + used, columns - used).Clear();
    }

    public void Dispose() => _panels?.Dispose();
}
