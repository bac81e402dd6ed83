using System.Runtime.CompilerServices;
using Sclip.Segmentation.Kernels.Bf16;

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

    // A block of A, [204, 768] floats, is about the size of a second-level cache, and holds the tokens of a native window.
    private const int BlockRows = 204;

    /// <summary>Multiplies on several threads. Rows of A and C lie <paramref name="aStride"/> and <paramref name="cStride"/> floats apart.</summary>
    public static void Multiply(
        float* a, nint aStride, int m, PackedMatrix b, float* c, nint cStride, float* bias, Epilogue epilogue, Threads threads)
    {
        var kernel = b.Kernel;
        var tiles = (m + kernel.Full.Rows - 1) / kernel.Full.Rows;
        var panels = (b.N + kernel.Columns - 1) / kernel.Columns;
        // Whole rounds for all threads; columns are cut only where there are too few rows to go round.
        var rowBlocks = Math.Min(tiles, RoundUp((m + BlockRows - 1) / BlockRows, threads.Count));
        var columnBlocks = rowBlocks >= threads.Count ? 1 : Math.Min(panels, (threads.Count + rowBlocks - 1) / rowBlocks);
        threads.For(rowBlocks * columnBlocks, (task, scratch) =>
        {
            var (rowBlock, columnBlock) = (task / columnBlocks, task % columnBlocks);
            var firstRow = (int)((long)tiles * rowBlock / rowBlocks) * kernel.Full.Rows;
            var endRow = Math.Min(m, (int)((long)tiles * (rowBlock + 1) / rowBlocks) * kernel.Full.Rows);
            var firstPanel = (int)((long)panels * columnBlock / columnBlocks);
            var endPanel = (int)((long)panels * (columnBlock + 1) / columnBlocks);
            MultiplyBlock(
                a + firstRow * aStride, aStride, endRow - firstRow, b, firstPanel, endPanel, c + firstRow * cStride, cStride,
                accumulate: epilogue == Epilogue.Residual, scratch, bias, epilogue);
        });
    }

    /// <summary>
    /// The product on this thread: C[m, panels] (+)= A B, then bias and epilogue. Goto's order: a slice of A's depth is packed and kept
    /// in the second-level cache while the panels of B pass by, each asked for while the one before it is worked on.
    /// </summary>
    public static void MultiplyBlock(
        float* a, nint aStride, int m, PackedMatrix b, int firstPanel, int endPanel, float* c, nint cStride, bool accumulate, Scratch scratch,
        float* bias = null, Epilogue epilogue = Epilogue.None)
    {
        var kernel = b.Kernel;
        var (k, columns, rows, steps) = (b.K, kernel.Columns, kernel.WholeRows(m), kernel.Steps(b.K));
        var packed = scratch.Get(Scratch.Slot.PackedRows, (long)rows * kernel.Steps(Math.Min(k, GemmKernel.Depth)));
        var edge = stackalloc float[MostTile];
        // The tiles over a panel share the next one out among them, as bytes for each step along the depth.
        nint nextStep = (columns * sizeof(float) * kernel.Full.Rows + rows - 1) / rows;
        for (var depth = 0; depth < k; depth += GemmKernel.Depth)
        {
            var slice = Math.Min(GemmKernel.Depth, k - depth);
            PackRows(a + depth, aStride, m, slice, kernel, packed, scratch);
            var (from, to) = (kernel.Steps(depth), kernel.Steps(depth + slice));
            for (var panel = firstPanel; panel < endPanel; panel++)
            {
                var bSlice = b.Panels + ((nint)panel * steps + from) * columns;
                var next = (byte*)(panel + 1 < endPanel ? bSlice + (nint)steps * columns : b.Panels + ((nint)firstPanel * steps + to) * columns);
                var (first, width) = (panel * columns, Math.Min(columns, b.N - panel * columns));
                MultiplyPanel(packed, m, to - from, bSlice, width, kernel, c + first, cStride, accumulate || depth > 0, next, nextStep, edge,
                    depth + slice < k, bias is null ? null : bias + first, epilogue);
            }
        }
    }

    /// <summary>All tiles of C that lie over one panel of B.</summary>
    private static void MultiplyPanel(
        float* packed, int m, int steps, float* b, int columns, GemmKernel kernel, float* c, nint cStride, bool add, byte* next, nint nextStep, float* edge,
        bool goesOn, float* bias, Epilogue epilogue)
    {
        for (var first = 0; first < m;)
        {
            var tile = kernel.TileAt(first, m);
            var rows = Math.Min(tile.Rows, m - first);
            if (rows == tile.Rows && columns == kernel.Columns)
            {
                tile.Multiply(steps, packed, b, c, cStride, add, next, nextStep);
            }
            else
            {
                if (add)
                    CopyTile(c, cStride, edge, kernel.Columns, rows, columns);
                tile.Multiply(steps, packed, b, edge, kernel.Columns, add, next, nextStep);
                CopyTile(edge, kernel.Columns, c, cStride, rows, columns);
            }
            if (!goesOn)
                kernel.Finish(c, cStride, rows, columns, bias, epilogue);
            first += tile.Rows;
            packed += (nint)tile.Rows * steps;
            c += tile.Rows * cStride;
            next += steps * nextStep;
        }
    }

    /// <summary>Packs [m, k] into tiles of rows, column by column; rows behind the last are zero.</summary>
    public static void PackRows(float* a, nint aStride, int m, int k, GemmKernel kernel, float* packed, Scratch scratch)
    {
        var steps = kernel.Steps(k);
        var rounded = kernel.StepDepth == 1 ? null : scratch.Get(Scratch.Slot.Rounded, (long)kernel.Full.Rows * steps);
        for (var first = 0; first < m;)
        {
            var tile = kernel.TileAt(first, m);
            var rows = Math.Min(tile.Rows, m - first);
            if (rows < tile.Rows)
                new Span<float>(packed, steps * tile.Rows).Clear();
            if (rounded is null)
            {
                Transpose.Apply(a + first * aStride, aStride, rows, k, packed, tile.Rows);
            }
            else
            {
                for (var row = 0; row < rows; row++)
                    Rounding.Row(a + (first + row) * aStride, rounded + (nint)row * steps, k);
                Transpose.Apply(rounded, steps, rows, steps, packed, tile.Rows);
            }
            first += tile.Rows;
            packed += (nint)steps * tile.Rows;
        }
    }

    private static void CopyTile(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
            Unsafe.CopyBlock(target + row * targetStride, source + row * sourceStride, (uint)columns * sizeof(float));
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
