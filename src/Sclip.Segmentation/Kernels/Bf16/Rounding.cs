using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sclip.Segmentation.Kernels.Bf16;

/// <summary>
/// bf16, the upper half of a float: rounded to nearest, ties to even. What is beyond the greatest becomes infinite, and NaN stays NaN
/// (quiet, with the upper bits of its payload).
/// </summary>
internal static unsafe class Rounding
{
    private const uint Quiet = 0x40, Sign = 0x8000_0000, Infinity = 0x7F80_0000, Half = 0x7FFF;

    /// <summary>
    /// A row of k floats as (k + 1) / 2 steps of the matrix product: pairs of neighbours, the earlier in the lower half. An odd row's last has
    /// a zero beside it.
    /// </summary>
    public static void Row(float* row, float* steps, int k) => Row(row, steps, k, Simd.Width);

    public static void Row(float* row, float* steps, int k, int width)
    {
        var source = (uint*)row;
        var target = (ushort*)steps;
        var i = 0;
        switch (width)
        {
            case 512:
                for (; i <= k - 32; i += 32)
                    Vector512.Narrow(Upper(Vector512.Load(source + i)), Upper(Vector512.Load(source + i + 16))).Store(target + i);
                break;
            case 256:
                for (; i <= k - 16; i += 16)
                    Vector256.Narrow(Upper(Vector256.Load(source + i)), Upper(Vector256.Load(source + i + 8))).Store(target + i);
                break;
            case 128:
                for (; i <= k - 8; i += 8)
                    Vector128.Narrow(Upper(Vector128.Load(source + i)), Upper(Vector128.Load(source + i + 4))).Store(target + i);
                break;
        }
        for (; i < k; i++)
            target[i] = Upper(source[i]);
        if (k % 2 != 0)
            target[k] = 0;
    }

    public static ushort Upper(uint bits) =>
        (ushort)(((bits & ~Sign) > Infinity ? bits | (Quiet << 16) : bits + Half + ((bits >> 16) & 1)) >> 16);

    public static float Widen(uint upper) => BitConverter.UInt32BitsToSingle(upper << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Upper(Vector512<uint> bits)
    {
        var isNaN = Vector512.GreaterThan((bits & Vector512.Create(~Sign)).AsInt32(), Vector512.Create((int)Infinity)).AsUInt32();
        var rounded = bits + Vector512.Create(Half) + ((bits >> 16) & Vector512<uint>.One);
        return Vector512.ConditionalSelect(isNaN, bits | Vector512.Create(Quiet << 16), rounded) >> 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Upper(Vector256<uint> bits)
    {
        var isNaN = Vector256.GreaterThan((bits & Vector256.Create(~Sign)).AsInt32(), Vector256.Create((int)Infinity)).AsUInt32();
        var rounded = bits + Vector256.Create(Half) + ((bits >> 16) & Vector256<uint>.One);
        return Vector256.ConditionalSelect(isNaN, bits | Vector256.Create(Quiet << 16), rounded) >> 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Upper(Vector128<uint> bits)
    {
        var isNaN = Vector128.GreaterThan((bits & Vector128.Create(~Sign)).AsInt32(), Vector128.Create((int)Infinity)).AsUInt32();
        var rounded = bits + Vector128.Create(Half) + ((bits >> 16) & Vector128<uint>.One);
        return Vector128.ConditionalSelect(isNaN, bits | Vector128.Create(Quiet << 16), rounded) >> 16;
    }
}
