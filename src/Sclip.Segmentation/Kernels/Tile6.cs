using System.Runtime.CompilerServices;

namespace Sclip.Segmentation.Kernels;

/// <summary>
/// The micro-kernel of the matrix product for a tile of 6 rows by two vectors: C[6, 2v] (+)= A[6, k] B[k, 2v], with A packed
/// column by column and B row by row. 12 accumulators, one row of B and one broadcast element of A fill the 16 vector registers,
/// so that the inner loop touches memory for A and B alone, and asks for a piece of the next panel of B; written out, since the compiler keeps only locals in registers.
/// </summary>
internal static unsafe class Tile6
{
    public const int Rows = 6;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<T>(nint k, float* a, float* b, float* c, nint rowStride, bool accumulate, byte* next, nint nextStep)
        where T : struct, ISimd<T>
    {
        T c00, c01;
        T c10, c11;
        T c20, c21;
        T c30, c31;
        T c40, c41;
        T c50, c51;
        if (accumulate)
        {
            var row = c;
            c00 = T.Load(row);
            c01 = T.Load(row + T.Count);
            row += rowStride;
            c10 = T.Load(row);
            c11 = T.Load(row + T.Count);
            row += rowStride;
            c20 = T.Load(row);
            c21 = T.Load(row + T.Count);
            row += rowStride;
            c30 = T.Load(row);
            c31 = T.Load(row + T.Count);
            row += rowStride;
            c40 = T.Load(row);
            c41 = T.Load(row + T.Count);
            row += rowStride;
            c50 = T.Load(row);
            c51 = T.Load(row + T.Count);
        }
        else
        {
            c00 = c01 = T.Broadcast(0);
            c10 = c11 = T.Broadcast(0);
            c20 = c21 = T.Broadcast(0);
            c30 = c31 = T.Broadcast(0);
            c40 = c41 = T.Broadcast(0);
            c50 = c51 = T.Broadcast(0);
        }
        for (var end = b + k * 2 * T.Count; b < end; b += 2 * T.Count, a += Rows, next += nextStep)
        {
            Prefetch.ToSecondLevel(next);
            var b0 = T.Load(b);
            var b1 = T.Load(b + T.Count);
            var x = T.Broadcast(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            x = T.Broadcast(a[1]);
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);
            x = T.Broadcast(a[2]);
            c20 = T.MultiplyAdd(x, b0, c20);
            c21 = T.MultiplyAdd(x, b1, c21);
            x = T.Broadcast(a[3]);
            c30 = T.MultiplyAdd(x, b0, c30);
            c31 = T.MultiplyAdd(x, b1, c31);
            x = T.Broadcast(a[4]);
            c40 = T.MultiplyAdd(x, b0, c40);
            c41 = T.MultiplyAdd(x, b1, c41);
            x = T.Broadcast(a[5]);
            c50 = T.MultiplyAdd(x, b0, c50);
            c51 = T.MultiplyAdd(x, b1, c51);
        }
        T.Store(c00, c);
        T.Store(c01, c + T.Count);
        c += rowStride;
        T.Store(c10, c);
        T.Store(c11, c + T.Count);
        c += rowStride;
        T.Store(c20, c);
        T.Store(c21, c + T.Count);
        c += rowStride;
        T.Store(c30, c);
        T.Store(c31, c + T.Count);
        c += rowStride;
        T.Store(c40, c);
        T.Store(c41, c + T.Count);
        c += rowStride;
        T.Store(c50, c);
        T.Store(c51, c + T.Count);
    }
}
