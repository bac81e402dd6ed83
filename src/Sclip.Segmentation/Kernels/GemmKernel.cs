using System.Diagnostics;
using Sclip.Segmentation.Kernels.Bf16;

namespace Sclip.Segmentation.Kernels;

/// <summary>The micro-kernels and tiles of the matrix product for one vector width and number format.</summary>
internal sealed unsafe class GemmKernel
{
    private GemmKernel(GemmTile full, GemmTile tail, int columns, delegate*<float*, nint, int, int, float*, Epilogue, void> finish, int stepDepth = 1)
    {
        StepDepth = stepDepth;
        Full = full;
        Tail = tail;
        Columns = columns;
        Finish = finish;
    }

    /// <summary>The kernel of the widest vectors that the processor accelerates.</summary>
    public static GemmKernel Best { get; } = ForWidth(Simd.Width);

    /// <summary>The kernel of bf16, for machines that have its instructions (<see cref="ManagedPrecision"/>).</summary>
    public static GemmKernel OfBf16 { get; } = TwoDeep(new(12, &Bf16Tile.Multiply12), new(6, &Bf16Tile.Multiply6));

    /// <summary>Its scalar twin, for every machine.</summary>
    public static GemmKernel TwinOfBf16 { get; } = TwoDeep(new(12, &Bf16Twin.Multiply12), new(6, &Bf16Twin.Multiply6));

    /// <summary>The tile of most rows.</summary>
    public GemmTile Full { get; }

    /// <summary>The tile of the last rows, where they are no more than it has.</summary>
    public GemmTile Tail { get; }

    /// <summary>Columns of a tile of C, and of a panel of B.</summary>
    public int Columns { get; }

    /// <summary>Elements along the depth that make a step, four bytes: a float, or a pair of bf16. The operands are packed step by step.</summary>
    public int StepDepth { get; }

    /// <summary>Adds the bias and applies the activation to a tile of C: (c, row stride, rows, columns, bias or null, epilogue).</summary>
    public delegate*<float*, nint, int, int, float*, Epilogue, void> Finish { get; }

    /// <summary>
    /// The depth to which A and B are worked at a time. A tile of A, [6 or 12, 768] floats, is 18 or 37 kB, about a first-level cache, and C is
    /// read and written once but for the MLP's second product; shallower slices were slower on vectors of 256 bits, and the same on 512.
    /// </summary>
    public static int Depth => 768;

    /// <summary>The kernel for vectors of so many bits: 512, 256, 128, or 0 for none.</summary>
    public static GemmKernel ForWidth(int bits) => bits switch
    {
        512 => new(new(Tile12.Rows, &Tile12.Multiply<Simd512>), Six<Simd512>(), 2 * Simd512.Count, &TileEpilogue.Apply<Simd512>),
        256 => new(Six<Simd256>(), Six<Simd256>(), 2 * Simd256.Count, &TileEpilogue.Apply<Simd256>),
        128 => new(Six<Simd128>(), Six<Simd128>(), 2 * Simd128.Count, &TileEpilogue.Apply<Simd128>),
        0 => new(Six<Simd1>(), Six<Simd1>(), 2 * Simd1.Count, &TileEpilogue.Apply<Simd1>),
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "512, 256, 128 or 0"),
    };

    /// <summary>Steps of so many elements along the depth.</summary>
    public int Steps(int k) => (k + StepDepth - 1) / StepDepth;

    /// <summary>The tile of the rows from <paramref name="first"/> on, of m.</summary>
    public GemmTile TileAt(int first, int m) => m - first <= Tail.Rows ? Tail : Full;

    /// <summary>Tiles of m rows.</summary>
    public int Tiles(int m) => (m + Full.Rows - 1) / Full.Rows;

    /// <summary>m rounded up to whole tiles.</summary>
    public int WholeRows(int m)
    {
        var full = m / Full.Rows * Full.Rows;
        return full == m ? m : full + TileAt(full, m).Rows;
    }

    /// <summary>Packs [rows, k] step by step, the rows of a step side by side.</summary>
    /// <param name="source">Floats, rows <paramref name="sourceStride"/> apart.</param>
    /// <param name="sourceStride">Floats from one row to the next.</param>
    /// <param name="rows">Rows to pack.</param>
    /// <param name="k">Their length.</param>
    /// <param name="packed">Where the first row's first step goes.</param>
    /// <param name="packedStride">From one step to the next.</param>
    /// <param name="rounded">Working memory of [rows, steps] for kernels of bf16; others need none.</param>
    public void Interleave(float* source, nint sourceStride, int rows, int k, float* packed, nint packedStride, float* rounded)
    {
        if (StepDepth == 1)
        {
            Transpose.Apply(source, sourceStride, rows, k, packed, packedStride);
            return;
        }
        for (var row = 0; row < rows; row++)
            Rounding.Row(source + row * sourceStride, rounded + (nint)row * Steps(k), k);
        Transpose.Apply(rounded, Steps(k), rows, Steps(k), packed, packedStride);
    }

    /// <summary>How long the micro-kernel alone takes for so many products of its full tile at full depth, on panels that stay in the nearest caches.</summary>
    public TimeSpan TimeAlone(int calls)
    {
        var steps = Steps(Depth);
        using var a = new NativeBuffer((long)Full.Rows * steps);
        using var b = new NativeBuffer((long)Columns * steps);
        using var c = new NativeBuffer((long)Full.Rows * Columns);
        a.Clear();
        b.Clear();
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < calls; call++)
            Full.Multiply(steps, a.Pointer, b.Pointer, c.Pointer, Columns, false, (byte*)b.Pointer, 0);
        return Stopwatch.GetElapsedTime(start);
    }

    private static GemmKernel TwoDeep(GemmTile full, GemmTile tail) => new(full, tail, Bf16Assembly.Columns, Best.Finish, stepDepth: 2);

    private static GemmTile Six<T>()
        where T : struct, ISimd<T> => new(Tile6.Rows, &Tile6.Multiply<T>);
}
