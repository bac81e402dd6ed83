using System.Runtime.CompilerServices;

namespace Sclip.Segmentation.Kernels;

/// <summary>What follows a matrix product while its rows are still in the cache.</summary>
internal enum Epilogue
{
    /// <summary>Nothing but the bias.</summary>
    None,

    /// <summary>x sigmoid(1.702 x), OpenAI's approximation.</summary>
    QuickGelu,

    /// <summary>x Phi(x), exact.</summary>
    Gelu,

    /// <summary>Added to what C held.</summary>
    Residual,
}

/// <summary>
/// C[M, N] = A[M, K] B[K, N] (+ bias[N]), then the epilogue. M rows, N columns, K depth. Each element of C is one chain of fused
/// multiply-adds along K, whatever the tile, the vector width and the number of threads: results are the same to the last bit. A kernel of
/// bf16 has A rounded while it is packed, and adds in fp32.
/// </summary>
internal static unsafe class Gemm
{
    private const int MostTile = Tile12.Rows * 2 * 16;

    // A native window of ViT-B/16 has 197 tokens: its weights pass by once. [204, 768] floats are 627 kB, which a second-level cache of 1 MB or more holds beside two panels.
    private const int BlockRows = 204;

    /// <summary>Multiplies on several threads. Rows of A and C lie <paramref name="aStride"/> and <paramref name="cStride"/> floats apart.</summary>
    public static void Multiply(
        float* a, nint aStride, int m, PackedMatrix b, float* c, nint cStride, float* bias, Epilogue epilogue, Threads threads)
    {
        // Columns are cut only where there are too few rows to go round.
        var rowBlocks = RowBlocks(m, b.Kernel, threads);
        var columnBlocks = rowBlocks >= threads.Count ? 1 : Math.Min(b.Panels, (threads.Count + rowBlocks - 1) / rowBlocks);
        threads.For(rowBlocks * columnBlocks, (task, scratch) =>
        {
            var (rowBlock, columnBlock) = (task / columnBlocks, task % columnBlocks);
            var (first, rows) = RowBlock(m, rowBlock, rowBlocks, b.Kernel);
            var firstPanel = (int)((long)b.Panels * columnBlock / columnBlocks);
            var endPanel = (int)((long)b.Panels * (columnBlock + 1) / columnBlocks);
            MultiplyBlock(a + first * aStride, aStride, rows, b, firstPanel, endPanel, c + first * cStride, cStride, bias, epilogue, scratch);
        });
    }

    /// <summary>Runs a task for each block of rows, of first row and number of rows, on several threads: whole tiles, and whole rounds for all threads.</summary>
    public static void ForRowBlocks(int m, GemmKernel kernel, Threads threads, Action<int, int, Scratch> task)
    {
        var blocks = RowBlocks(m, kernel, threads);
        threads.For(blocks, (block, scratch) =>
        {
            var (first, rows) = RowBlock(m, block, blocks, kernel);
            task(first, rows, scratch);
        });
    }

    /// <summary>The product of all panels on this thread.</summary>
    public static void MultiplyBlock(float* a, nint aStride, int m, PackedMatrix b, float* c, nint cStride, float* bias, Epilogue epilogue, Scratch scratch) =>
        MultiplyBlock(a, aStride, m, b, 0, b.Panels, c, cStride, bias, epilogue, scratch);

    /// <summary>
    /// The product of some panels on this thread: C[m, panels] (+)= A B, then bias and epilogue. Goto's order: a slice of A's depth is packed and
    /// kept near while the panels of B pass by, each asked for while the one before it is worked on.
    /// </summary>
    private static void MultiplyBlock(
        float* a, nint aStride, int m, PackedMatrix b, int firstPanel, int endPanel, float* c, nint cStride, float* bias, Epilogue epilogue, Scratch scratch)
    {
        var packed = scratch.Get(Scratch.Slot.PackedRows, (long)b.Kernel.WholeRows(m) * b.Kernel.Steps(Math.Min(b.K, GemmKernel.Depth)));
        for (var depth = 0; depth < b.K; depth += GemmKernel.Depth)
        {
            var slice = Math.Min(GemmKernel.Depth, b.K - depth);
            PackRows(a + depth, aStride, m, slice, b.Kernel, packed, scratch);
            MultiplySlice(packed, m, b, depth, slice, firstPanel, endPanel, c, cStride, bias, epilogue, accumulate: depth > 0 || epilogue == Epilogue.Residual);
        }
    }

    /// <summary>
    /// C[m, panels] (+)= A B along a slice of the depth that is packed already; behind the last slice bias and epilogue.
    /// </summary>
    public static void MultiplySlice(
        float* packed, int m, PackedMatrix b, int depth, int slice, int firstPanel, int endPanel, float* c, nint cStride, float* bias, Epilogue epilogue, bool accumulate)
    {
        var kernel = b.Kernel;
        var edge = stackalloc float[MostTile];
        var (from, to, isLast) = (kernel.Steps(depth), kernel.Steps(depth + slice), depth + slice == b.K);
        for (var panel = firstPanel; panel < endPanel; panel++)
        {
            var walk = new PanelWalk(b, panel, firstPanel, endPanel, from, to, m);
            var (first, width) = (panel * kernel.Columns, Math.Min(kernel.Columns, b.N - panel * kernel.Columns));
            var tiles = packed;
            var target = c + first;
            for (var row = 0; row < m;)
            {
                var tile = kernel.TileAt(row, m);
                var rows = Math.Min(tile.Rows, m - row);
                if (rows == tile.Rows && width == kernel.Columns)
                {
                    tile.Multiply(to - from, tiles, walk.Panel, target, cStride, accumulate, walk.Next, walk.NextStep);
                }
                else
                {
                    if (accumulate)
                        CopyTile(target, cStride, edge, kernel.Columns, rows, width);
                    tile.Multiply(to - from, tiles, walk.Panel, edge, kernel.Columns, accumulate, walk.Next, walk.NextStep);
                    CopyTile(edge, kernel.Columns, target, cStride, rows, width);
                }
                if (isLast)
                    kernel.Finish(target, cStride, rows, width, bias is null ? null : bias + first, epilogue);
                row += tile.Rows;
                tiles += (nint)tile.Rows * (to - from);
                target += tile.Rows * cStride;
                walk.Advance();
            }
        }
    }

    /// <summary>
    /// The product of some panels, whole along the depth, packed as the rows of a further product: each tile goes through bias and epilogue,
    /// and into its place, while it is in the first-level cache.
    /// </summary>
    public static void MultiplyToPacked(float* packed, int m, PackedMatrix b, int firstPanel, int endPanel, float* bias, Epilogue epilogue, float* result, Scratch scratch)
    {
        var kernel = b.Kernel;
        var tileOfC = stackalloc float[MostTile];
        var (steps, columns) = (kernel.Steps(b.K), kernel.Columns);
        var depth = kernel.Steps(Math.Min(b.N, endPanel * columns) - firstPanel * columns);
        for (var panel = firstPanel; panel < endPanel; panel++)
        {
            var walk = new PanelWalk(b, panel, firstPanel, endPanel, 0, steps, m);
            var width = Math.Min(columns, b.N - panel * columns);
            var tiles = packed;
            var target = result;
            var step = kernel.Steps((panel - firstPanel) * columns);
            for (var row = 0; row < m;)
            {
                var tile = kernel.TileAt(row, m);
                tile.Multiply(steps, tiles, walk.Panel, tileOfC, columns, false, walk.Next, walk.NextStep);
                kernel.Finish(tileOfC, columns, tile.Rows, width, bias + panel * columns, epilogue);
                PackTile(tileOfC, columns, tile.Rows, width, kernel, target + (nint)step * tile.Rows, tile.Rows, scratch);
                row += tile.Rows;
                tiles += (nint)tile.Rows * steps;
                target += (nint)tile.Rows * depth;
                walk.Advance();
            }
        }
    }

    /// <summary>Packs [m, k] into tiles of rows, column by column; rows behind the last are zero.</summary>
    public static void PackRows(float* a, nint aStride, int m, int k, GemmKernel kernel, float* packed, Scratch scratch)
    {
        for (var first = 0; first < m;)
        {
            var tile = kernel.TileAt(first, m);
            var rows = Math.Min(tile.Rows, m - first);
            if (rows < tile.Rows)
                new Span<float>(packed, kernel.Steps(k) * tile.Rows).Clear();
            PackTile(a + first * aStride, aStride, rows, k, kernel, packed, tile.Rows, scratch);
            first += tile.Rows;
            packed += (nint)kernel.Steps(k) * tile.Rows;
        }
    }

    private static void PackTile(float* a, nint aStride, int rows, int k, GemmKernel kernel, float* packed, int tileRows, Scratch scratch) =>
        kernel.Interleave(a, aStride, rows, k, packed, tileRows, kernel.StepDepth == 1 ? null : scratch.Get(Scratch.Slot.Rounded, (long)rows * kernel.Steps(k)));

    private static int RowBlocks(int m, GemmKernel kernel, Threads threads) =>
        Math.Min((m + kernel.Full.Rows - 1) / kernel.Full.Rows, RoundUp((m + BlockRows - 1) / BlockRows, threads.Count));

    private static (int First, int Rows) RowBlock(int m, int block, int blocks, GemmKernel kernel)
    {
        long tiles = (m + kernel.Full.Rows - 1) / kernel.Full.Rows;
        var first = (int)(tiles * block / blocks) * kernel.Full.Rows;
        return (first, Math.Min(m, (int)(tiles * (block + 1) / blocks) * kernel.Full.Rows) - first);
    }

    private static void CopyTile(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
            Unsafe.CopyBlock(target + row * targetStride, source + row * sourceStride, (uint)columns * sizeof(float));
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>A panel of B, and the one after it, which the tiles over this one ask for piece by piece.</summary>
    private ref struct PanelWalk
    {
        private readonly nint _stepsOfTile;

        public PanelWalk(PackedMatrix b, int panel, int firstPanel, int endPanel, int from, int to, int m)
        {
            var (columns, steps, rows) = (b.Kernel.Columns, b.Kernel.Steps(b.K), b.Kernel.WholeRows(m));
            _stepsOfTile = to - from;
            Panel = b.Values + ((nint)panel * steps + from) * columns;
            Next = (byte*)(panel + 1 < endPanel ? Panel + (nint)steps * columns : b.Values + ((nint)firstPanel * steps + to) * columns);
            NextStep = (columns * sizeof(float) * b.Kernel.Full.Rows + rows - 1) / rows;
        }

        public float* Panel { get; }

        public byte* Next { get; private set; }

        /// <summary>Bytes for each step along the depth.</summary>
        public nint NextStep { get; }

        public void Advance() => Next += _stepsOfTile * NextStep;
    }
}
