namespace Sclip.Segmentation.Kernels;

/// <summary>A micro-kernel and the rows of the tile of C that it computes.</summary>
internal readonly unsafe struct GemmTile(int rows, delegate*<nint, float*, float*, float*, nint, bool, byte*, nint, void> multiply)
{
    /// <summary>Rows of the tile.</summary>
    public int Rows { get; } = rows;

    /// <summary>
    /// C[rows, columns] (+)= A[rows, k] B[k, columns]: (steps along k, a packed column by column, b packed row by row, c, row stride of c, whether
    /// to add to c, what to prefetch, and how many bytes further with each step).
    /// </summary>
    public delegate*<nint, float*, float*, float*, nint, bool, byte*, nint, void> Multiply { get; } = multiply;
}
