namespace Sclip.Segmentation.Kernels;

/// <summary>Where rows come from that are packed: so many from the first on, as they stand one behind the other.</summary>
internal unsafe delegate float* RowSource(int first, int rows, Scratch scratch);

/// <summary>
/// The left factor A of a matrix product, <c>[M, K]</c>, packed into tiles of rows, step by step: one slice of the depth behind the other, each of
/// <see cref="GemmKernel.Depth"/> but for the last. It stands in working memory of the threads, which all of them read, until the next is made in the same place.
/// </summary>
internal sealed unsafe class PackedRows
{
    private readonly GemmKernel _kernel;
    private readonly float* _values;

    public PackedRows(int m, int k, GemmKernel kernel, Threads threads, Scratch.Slot place)
    {
        (M, K, _kernel) = (m, k, kernel);
        _values = threads.Shared.Get(place, (long)kernel.WholeRows(m) * kernel.Steps(k));
    }

    public int M { get; }

    public int K { get; }

    /// <summary>Elements of the slice that begins at <paramref name="depth"/>.</summary>
    public int DepthOf(int depth) => Math.Min(GemmKernel.Depth, K - depth);

    /// <summary>The tile of the row <paramref name="first"/>, where a tile begins, in the slice that begins at <paramref name="depth"/>.</summary>
    public float* At(int first, int depth) => _values + (nint)_kernel.WholeRows(M) * _kernel.Steps(depth) + (nint)first * _kernel.Steps(DepthOf(depth));

    /// <summary>The same tile from a column on, of so many rows.</summary>
    public float* At(int first, int column, int tileRows)
    {
        var depth = column / GemmKernel.Depth * GemmKernel.Depth;
        return At(first, depth) + (nint)_kernel.Steps(column - depth) * tileRows;
    }

    /// <summary>Packs rows that lie <paramref name="stride"/> floats apart.</summary>
    public void Pack(float* rows, nint stride, Threads threads) => Pack((first, _, _) => rows + first * stride, stride, threads);

    /// <summary>Packs rows as they are made, some on each thread.</summary>
    public void Pack(RowSource source, nint stride, Threads threads)
    {
        var cut = new Cut(_kernel.Tiles(M), Math.Min(_kernel.Tiles(M), threads.Count));
        threads.For(cut.Parts, (part, scratch) =>
        {
            var (first, count) = cut.Rows(part, M, _kernel);
            var rows = source(first, count, scratch);
            for (var depth = 0; depth < K; depth += GemmKernel.Depth)
                Gemm.PackRows(rows + depth, stride, count, DepthOf(depth), _kernel, At(first, depth), scratch);
        });
    }
}
