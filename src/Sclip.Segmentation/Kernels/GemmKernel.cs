namespace Sclip.Segmentation.Kernels;

/// <summary>A micro-kernel and the tile it computes, for one vector width.</summary>
internal sealed unsafe class GemmKernel
{
    /// <summary>
    /// The depth to which A and B are worked at a time. A tile of A, [6, 768] floats, stays in the first-level cache, and C is read and
    /// written once for all widths of ViT-B; shallower slices were slower.
    /// </summary>
    public const int Depth = 768;

    private GemmKernel(int rows, int columns, delegate*<nint, float*, float*, float*, nint, bool, void> multiply)
    {
        Rows = rows;
        Columns = columns;
        Multiply = multiply;
    }

    /// <summary>The kernel of the widest vectors that the processor accelerates.</summary>
    public static GemmKernel Best { get; } = ForWidth(Simd.Width);

    /// <summary>Rows of a tile of C.</summary>
    public int Rows { get; }

    /// <summary>Columns of a tile of C, and of a panel of B.</summary>
    public int Columns { get; }

    /// <summary>(k, a, b, c, row stride of c, whether to add to c).</summary>
    public delegate*<nint, float*, float*, float*, nint, bool, void> Multiply { get; }

    /// <summary>The kernel for vectors of so many bits: 512, 256, 128, or 0 for none.</summary>
    public static GemmKernel ForWidth(int bits) => bits switch
    {
        512 => new(Tile12.Rows, 2 * Simd512.Count, &Tile12.Multiply<Simd512>),
        256 => new(Tile6.Rows, 2 * Simd256.Count, &Tile6.Multiply<Simd256>),
        128 => new(Tile6.Rows, 2 * Simd128.Count, &Tile6.Multiply<Simd128>),
        0 => new(Tile6.Rows, 2 * Simd1.Count, &Tile6.Multiply<Simd1>),
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "512, 256, 128 or 0"),
    };
}
