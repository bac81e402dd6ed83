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
        float* a, nint aStride, int m, PackedMatrix b, float* c, nint cStride, float* bias, Epilogue epilogue, Threads threads) => ForRowBlocks(m, b.Kernel, threads, (first, rows, team) =>
    {
        var packed = new PackedRows(rows, b.K, b.Kernel, team, Scratch.Slot.PackedRows);
        packed.Pack(a + first * aStride, aStride, team);
        Multiply(packed, b, 0, c + first * cStride, cStride, bias, epilogue, team);
    });

    /// <summary>
    /// Runs work over blocks of rows (first row, number of rows, threads): where there are enough of them, each thread takes blocks by itself, in
    /// whole rounds; otherwise all threads work together on all rows.
    /// </summary>
    public static void ForRowBlocks(int m, GemmKernel kernel, Threads threads, Action<int, int, Threads> work)
    {
        var blocks = (m + BlockRows - 1) / BlockRows;
        if (blocks < threads.Count)
        {
            work(0, m, threads);
            return;
        }
        var cut = new Cut(kernel.Tiles(m), Math.Min(kernel.Tiles(m), RoundUp(blocks, threads.Count)));
        threads.ForLanes(cut.Parts, (block, lane) =>
        {
            var (first, rows) = cut.Rows(block, m, kernel);
            work(first, rows, threads.Lanes[lane]);
        });
    }

    /// <summary>
    /// C[m, N] (+)= A B along the slices of A's depth, which is B's from <paramref name="depth"/> on; behind B's last slice bias and epilogue.
    /// Added to what C held where that depth is not the first, or the epilogue says so.
    /// </summary>
    public static void Multiply(PackedRows a, PackedMatrix b, int depth, float* c, nint cStride, float* bias, Epilogue epilogue, Threads threads) =>
        ForCells(a, b.Kernel, 0, b.Panels, threads, (first, rows, firstPanel, endPanel, _) =>
        {
            for (var from = 0; from < a.K; from += GemmKernel.Depth)
                MultiplySlice(
                    a.At(first, from), rows, b, depth + from, a.DepthOf(from), firstPanel, endPanel, c + first * cStride, cStride, bias, epilogue,
                    accumulate: depth + from > 0 || epilogue == Epilogue.Residual);
        });

    /// <summary>
    /// The product with some panels, packed as the rows of a further product: each tile goes through bias and epilogue, and into its place, while
    /// it is in the first-level cache.
    /// </summary>
    public static void MultiplyToPacked(PackedRows a, PackedMatrix b, int firstPanel, int endPanel, float* bias, Epilogue epilogue, PackedRows result, Threads threads) =>
        ForCells(a, b.Kernel, firstPanel, endPanel, threads, (first, rows, from, end, scratch) => MultiplyToPacked(a, first, rows, b, firstPanel, from, end, bias, epilogue, result, scratch));

    /// <summary>
    /// Cuts a product into cells of rows and panels (first row, rows, first panel, end panel), in whole rounds for all threads, such that a thread has
    /// as little as may be; of cuts as good the one of fewest row blocks, by each of which all weights pass.
    /// </summary>
    private static void ForCells(PackedRows a, GemmKernel kernel, int firstPanel, int endPanel, Threads threads, Action<int, int, int, int, Scratch> task)
    {
        var (tiles, panels) = (kernel.Tiles(a.M), endPanel - firstPanel);
        var (rowCut, panelCut) = Cut.Cells(tiles, panels, (a.M + BlockRows - 1) / BlockRows, threads.Count);
        threads.For(rowCut.Parts * panelCut.Parts, (cell, scratch) =>
        {
            var (rowBlock, columnBlock) = Math.DivRem(cell, panelCut.Parts);
            var (first, rows) = rowCut.Rows(rowBlock, a.M, kernel);
            task(first, rows, firstPanel + panelCut.First(columnBlock), firstPanel + panelCut.First(columnBlock + 1), scratch);
        });
    }

    /// <summary>
    /// C[m, panels] (+)= A B along a slice of the depth; behind the last slice bias and epilogue. Goto's order: a slice of A's depth is kept near
    /// while the panels of B pass by, each asked for while the one before it is worked on.
    /// </summary>
    private static void MultiplySlice(
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

    private static void MultiplyToPacked(
        PackedRows a, int firstRow, int m, PackedMatrix b, int firstOfResult, int firstPanel, int endPanel, float* bias, Epilogue epilogue, PackedRows result, Scratch scratch)
    {
        var kernel = b.Kernel;
        var tileOfC = stackalloc float[MostTile];
        var columns = kernel.Columns;
        for (var panel = firstPanel; panel < endPanel; panel++)
        {
            var walk = new PanelWalk(b, panel, firstPanel, endPanel, 0, kernel.Steps(b.K), m);
            var width = Math.Min(columns, b.N - panel * columns);
            for (var row = 0; row < m;)
            {
                var tile = kernel.TileAt(row, m);
                for (var depth = 0; depth < b.K; depth += GemmKernel.Depth)
                {
                    var (from, steps) = (kernel.Steps(depth), kernel.Steps(a.DepthOf(depth)));
                    tile.Multiply(steps, a.At(firstRow + row, depth), walk.Panel + (nint)from * columns, tileOfC, columns, depth > 0, walk.Next + from * walk.NextStep, walk.NextStep);
                }
                kernel.Finish(tileOfC, columns, tile.Rows, width, bias + panel * columns, epilogue);
                PackTile(tileOfC, columns, tile.Rows, width, kernel, result.At(firstRow + row, (panel - firstOfResult) * columns, tile.Rows), tile.Rows, scratch);
                row += tile.Rows;
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

    /// <summary>Packs some rows, no more than a tile has, as [k, tile rows].</summary>
    public static void PackTile(float* a, nint aStride, int rows, int k, GemmKernel kernel, float* packed, int tileRows, Scratch scratch) =>
        kernel.Interleave(a, aStride, rows, k, packed, tileRows, kernel.StepDepth == 1 ? null : scratch.Get(Scratch.Slot.Rounded, (long)rows * kernel.Steps(k)));

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
