using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sclip.Segmentation.Kernels;

/// <summary>The widths of this process and the functions that all kernels share.</summary>
internal static class Simd
{
    /// <summary>Bits of the widest vectors that the processor accelerates: 512, 256, 128, or 0 for none.</summary>
    public static readonly int Width =
        Vector512.IsHardwareAccelerated ? 512 :
        Vector256.IsHardwareAccelerated ? 256 :
        Vector128.IsHardwareAccelerated ? 128 : 0;

    /// <summary>e^x within 2 units in the last place; x is clamped to -87.3..88, so that the result is a normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : struct, ISimd<T>
    {
        // x = n ln 2 + r with |r| <= ln 2 / 2 (ln 2 in two parts, so that r keeps its low bits), then a polynomial in r.
        x = T.Min(T.Max(x, T.Broadcast(-87.3f)), T.Broadcast(88f));
        var n = T.Round(x * T.Broadcast(1.44269504f));
        var r = T.MultiplyAdd(n, T.Broadcast(-0.693145752f), x);
        r = T.MultiplyAdd(n, T.Broadcast(-1.42860677e-6f), r);
        var p = T.Broadcast(1.9875691500e-4f);
        p = T.MultiplyAdd(p, r, T.Broadcast(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Broadcast(5.0000001201e-1f));
        p = T.MultiplyAdd(p * r, r, r) + T.Broadcast(1f);
        return p * T.PowerOfTwo(n);
    }
}
