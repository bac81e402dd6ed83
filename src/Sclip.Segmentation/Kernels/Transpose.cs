using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sclip.Segmentation.Kernels;

/// <summary>Transposes matrices of floats, or of anything else of four bytes.</summary>
internal static unsafe class Transpose
{
    private const int Side = 4;

    // Columns of a cache line: it is used up before the next is touched, whatever set of the cache the rows share.
    private const int LineColumns = 16;

    /// <summary>target[column, row] = source[row, column] for all of [rows, columns]; rows lie the strides apart.</summary>
    public static void Apply(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride) =>
        Apply(source, sourceStride, rows, columns, target, targetStride, vectors: Sse.IsSupported);

    public static void Apply(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride, bool vectors)
    {
        if (!vectors || rows < Side || columns < Side)
        {
            Plain(source, sourceStride, rows, columns, target, targetStride);
            return;
        }
        for (var line = 0; line < columns; line += LineColumns)
        {
            var end = Math.Min(columns, line + LineColumns);
            for (var r = 0; r < rows; r += Side)
            {
                // The last square reaches back over rows or columns that were moved already, so that none is left over.
                nint row = Math.Min(r, rows - Side);
                for (var c = line; c < end; c += Side)
                {
                    nint column = Math.Min(c, columns - Side);
                    Square(source + row * sourceStride + column, sourceStride, target + column * targetStride + row, targetStride);
                }
            }
        }
    }

    private static void Plain(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride)
    {
        for (nint row = 0; row < rows; row++)
            for (nint column = 0; column < columns; column++)
                target[column * targetStride + row] = source[row * sourceStride + column];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(float* source, nint sourceStride, float* target, nint targetStride)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + sourceStride);
        Vector128<float> c = Vector128.Load(source + 2 * sourceStride), d = Vector128.Load(source + 3 * sourceStride);
        Vector128<float> ab0 = Sse.UnpackLow(a, b), ab2 = Sse.UnpackHigh(a, b), cd0 = Sse.UnpackLow(c, d), cd2 = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(ab0, cd0).Store(target);
        Sse.MoveHighToLow(cd0, ab0).Store(target + targetStride);
        Sse.MoveLowToHigh(ab2, cd2).Store(target + 2 * targetStride);
        Sse.MoveHighToLow(cd2, ab2).Store(target + 3 * targetStride);
    }
}
