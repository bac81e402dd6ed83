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
/// multiply-adds along K, whatever the tile, the vector width and the number of threads: results are the same to the last bit.
/// </summary>
internal static unsafe class Gemm
{
    // A block of A, [192, 768] floats, is about the size of a second-level cache.
    private const int BlockRows = 192;

    // The epilogue follows after so many panels, while their columns of C are still in the second-level cache.
    private const int PanelsOfGroup = 8;

    /// <summary>Multiplies on several threads. Rows of A and C lie <paramref name="aStride"/> and <paramref name="cStride"/> floats apart.</summary>
    public static void Multiply(
        float* a, nint aStride, int m, PackedMatrix b, float* c, nint cStride, float* bias, Epilogue epilogue, Threads threads)
    {
        var kernel = b.Kernel;
        var tiles = (m + kernel.Rows - 1) / kernel.Rows;
        var panels = (b.N + kernel.Columns - 1) / kernel.Columns;
        // Whole rounds for all threads; columns are cut only where there are too few rows to go round.
        var rowBlocks = Math.Min(tiles, RoundUp((m + BlockRows - 1) / BlockRows, threads.Count));
        var columnBlocks = rowBlocks >= threads.Count ? 1 : Math.Min(panels, (threads.Count + rowBlocks - 1) / rowBlocks);
        threads.For(rowBlocks * columnBlocks, (task, scratch) =>
        {
            var (rowBlock, columnBlock) = (task / columnBlocks, task % columnBlocks);
            var firstRow = (int)((long)tiles * rowBlock / rowBlocks) * kernel.Rows;
            var endRow = Math.Min(m, (int)((long)tiles * (rowBlock + 1) / rowBlocks) * kernel.Rows);
            var firstPanel = (int)((long)panels * columnBlock / columnBlocks);
            var endPanel = (int)((long)panels * (columnBlock + 1) / columnBlocks);
            MultiplyBlock(
                a + firstRow * aStride, aStride, endRow - firstRow, b.K, b.N, b.Panels, firstPanel, endPanel, kernel, c + firstRow * cStride, cStride, 1,
                accumulate: epilogue == Epilogue.Residual, scratch, bias, epilogue);
        });
    }

    /// <summary>
    /// The product on this thread: C[m, panels] (+)= scale A B, then bias and epilogue. Goto's order: a slice of A's depth is packed and kept
    /// in the second-level cache while the panels of B pass by.
    /// </summary>
    public static void MultiplyBlock(
        float* a, nint aStride, int m, int k, int n, float* b, int firstPanel, int endPanel, GemmKernel kernel,
        float* c, nint cStride, float scale, bool accumulate, Scratch scratch, float* bias = null, Epilogue epilogue = Epilogue.None)
    {
        var tiles = (m + kernel.Rows - 1) / kernel.Rows;
        var packed = scratch.Get(Scratch.Slot.PackedRows, (long)tiles * kernel.Rows * Math.Min(k, GemmKernel.Depth));
        var edge = stackalloc float[Tile12.Rows * 2 * 16];
        for (var depth = 0; depth < k; depth += GemmKernel.Depth)
        {
            var slice = Math.Min(GemmKernel.Depth, k - depth);
            PackRows(a + depth, aStride, m, slice, kernel.Rows, scale, packed);
            var add = accumulate || depth > 0;
            for (var group = firstPanel; group < endPanel; group += PanelsOfGroup)
            {
                var endGroup = Math.Min(endPanel, group + PanelsOfGroup);
                for (var panel = group; panel < endGroup; panel++)
                {
                    var bSlice = b + (nint)panel * k * kernel.Columns + (nint)depth * kernel.Columns;
                    MultiplyPanel(packed, m, slice, bSlice, Math.Min(kernel.Columns, n - panel * kernel.Columns), kernel, c + panel * kernel.Columns, cStride, add, edge);
                }
                if (depth + slice == k)
                    Finish(c + group * kernel.Columns, cStride, m, Math.Min(n, endGroup * kernel.Columns) - group * kernel.Columns, bias is null ? null : bias + group * kernel.Columns, epilogue);
            }
        }
    }

    /// <summary>All tiles of C that lie over one panel of B.</summary>
    private static void MultiplyPanel(float* packed, int m, int slice, float* b, int columns, GemmKernel kernel, float* c, nint cStride, bool add, float* edge)
    {
        for (var first = 0; first < m; first += kernel.Rows, packed += (nint)kernel.Rows * slice, c += kernel.Rows * cStride)
        {
            var rows = Math.Min(kernel.Rows, m - first);
            if (rows == kernel.Rows && columns == kernel.Columns)
            {
                kernel.Multiply(slice, packed, b, c, cStride, add);
                continue;
            }
            if (add)
                CopyTile(c, cStride, edge, kernel.Columns, rows, columns);
            kernel.Multiply(slice, packed, b, edge, kernel.Columns, add);
            CopyTile(edge, kernel.Columns, c, cStride, rows, columns);
        }
    }

    /// <summary>Packs scale * [m, k] into tiles of rows, column by column; rows behind the last are zero.</summary>
    private static void PackRows(float* a, nint aStride, int m, int k, int tileRows, float scale, float* packed)
    {
        for (var first = 0; first < m; first += tileRows, packed += (nint)k * tileRows)
        {
            var rows = Math.Min(tileRows, m - first);
            if (rows < tileRows)
                new Span<float>(packed, k * tileRows).Clear();
            var row = 0;
            // Six rows at a time: each is read straight through, and what is written together lies together.
            for (; row <= rows - 6; row += 6)
                PackSixRows(a + (first + row) * aStride, aStride, k, tileRows, scale, packed + row);
            for (; row < rows; row++)
            {
                var source = a + (first + row) * aStride;
                var target = packed + row;
                for (var i = 0; i < k; i++, target += tileRows)
                    *target = source[i] * scale;
            }
        }
    }

    private static void PackSixRows(float* a, nint aStride, int k, int tileRows, float scale, float* packed)
    {
        float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride, a4 = a3 + aStride, a5 = a4 + aStride;
        for (var i = 0; i < k; i++, packed += tileRows)
        {
            packed[0] = a[i] * scale;
            packed[1] = a1[i] * scale;
            packed[2] = a2[i] * scale;
            packed[3] = a3[i] * scale;
            packed[4] = a4[i] * scale;
            packed[5] = a5[i] * scale;
        }
    }

    private static void CopyTile(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
            Unsafe.CopyBlock(target + row * targetStride, source + row * sourceStride, (uint)columns * sizeof(float));
    }

    private static void Finish(float* c, nint cStride, int rows, int columns, float* bias, Epilogue epilogue)
    {
        for (var row = 0; row < rows; row++, c += cStride)
        {
            if (bias is not null)
                Elementwise.Add(c, bias, columns);
            if (epilogue == Epilogue.QuickGelu)
                Elementwise.QuickGelu(c, columns);
            else if (epilogue == Epilogue.Gelu)
                Elementwise.Gelu(c, columns);
        }
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
