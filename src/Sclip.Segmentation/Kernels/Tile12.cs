using System.Runtime.CompilerServices;

namespace Sclip.Segmentation.Kernels;

/// <summary>
/// The micro-kernel of the matrix product for a tile of 12 rows by two vectors: C[12, 2v] (+)= A[12, k] B[k, 2v], with A packed
/// column by column and B row by row. 24 accumulators, one row of B and one broadcast element of A fill the 32 vector registers,
/// so that the inner loop touches memory for A and B alone, and asks for a piece of the next panel of B; written out, since the compiler keeps only locals in registers.
/// </summary>
internal static unsafe class Tile12
{
    public const int Rows = 12;

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
        T c60, c61;
        T c70, c71;
        T c80, c81;
        T c90, c91;
        T ca0, ca1;
        T cb0, cb1;
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
            row += rowStride;
            c60 = T.Load(row);
            c61 = T.Load(row + T.Count);
            row += rowStride;
            c70 = T.Load(row);
            c71 = T.Load(row + T.Count);
            row += rowStride;
            c80 = T.Load(row);
            c81 = T.Load(row + T.Count);
            row += rowStride;
            c90 = T.Load(row);
            c91 = T.Load(row + T.Count);
            row += rowStride;
            ca0 = T.Load(row);
            ca1 = T.Load(row + T.Count);
            row += rowStride;
            cb0 = T.Load(row);
            cb1 = T.Load(row + T.Count);
        }
        else
        {
            c00 = c01 = T.Broadcast(0);
            c10 = c11 = T.Broadcast(0);
            c20 = c21 = T.Broadcast(0);
            c30 = c31 = T.Broadcast(0);
            c40 = c41 = T.Broadcast(0);
            c50 = c51 = T.Broadcast(0);
            c60 = c61 = T.Broadcast(0);
            c70 = c71 = T.Broadcast(0);
            c80 = c81 = T.Broadcast(0);
            c90 = c91 = T.Broadcast(0);
            ca0 = ca1 = T.Broadcast(0);
            cb0 = cb1 = T.Broadcast(0);
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
            x = T.Broadcast(a[6]);
            c60 = T.MultiplyAdd(x, b0, c60);
            c61 = T.MultiplyAdd(x, b1, c61);
            x = T.Broadcast(a[7]);
            c70 = T.MultiplyAdd(x, b0, c70);
            c71 = T.MultiplyAdd(x, b1, c71);
            x = T.Broadcast(a[8]);
            c80 = T.MultiplyAdd(x, b0, c80);
            c81 = T.MultiplyAdd(x, b1, c81);
            x = T.Broadcast(a[9]);
            c90 = T.MultiplyAdd(x, b0, c90);
            c91 = T.MultiplyAdd(x, b1, c91);
            x = T.Broadcast(a[10]);
            ca0 = T.MultiplyAdd(x, b0, ca0);
            ca1 = T.MultiplyAdd(x, b1, ca1);
            x = T.Broadcast(a[11]);
            cb0 = T.MultiplyAdd(x, b0, cb0);
            cb1 = T.MultiplyAdd(x, b1, cb1);
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
        c += rowStride;
        T.Store(c60, c);
        T.Store(c61, c + T.Count);
        c += rowStride;
        T.Store(c70, c);
        T.Store(c71, c + T.Count);
        c += rowStride;
        T.Store(c80, c);
        T.Store(c81, c + T.Count);
        c += rowStride;
        T.Store(c90, c);
        T.Store(c91, c + T.Count);
        c += rowStride;
        T.Store(ca0, c);
        T.Store(ca1, c + T.Count);
        c += rowStride;
        T.Store(cb0, c);
        T.Store(cb1, c + T.Count);
    }
}
