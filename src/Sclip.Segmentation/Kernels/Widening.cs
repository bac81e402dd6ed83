using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sclip.Segmentation.Kernels;

/// <summary>
/// Numbers of 16 and 8 bits as floats, exactly. Weights pass through it once, at load, where the library's conversion is still compiled without
/// optimisation, and kept features; vectors of 128 bits keep up with the memory.
/// </summary>
internal static unsafe class Widening
{
    private const uint HalfSign = 0x8000, HalfExponent = 0x7C00, HalfMagnitude = 0x7FFF, Infinity = 0x7F80_0000;
    private const int HalfShift = 13, SignShift = 16;

    // Moves the exponent's bias from 15 to 127; what is subnormal in a half is so before it, and normal after.
    private const float Rebias = 5.192296858534828e33f;

    /// <summary>IEEE halves; infinities and NaN stay what they are.</summary>
    public static void Half(ushort* source, float* target, nint count) => Half(source, target, count, vectors: true);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Half(ushort* source, float* target, nint count, bool vectors)
    {
        nint i = 0;
        if (vectors)
            for (; i <= count - Vector128<ushort>.Count; i += Vector128<ushort>.Count)
            {
                var (lower, upper) = Vector128.Widen(Vector128.Load(source + i));
                Half(lower).Store(target + i);
                Half(upper).Store(target + i + Vector128<float>.Count);
            }
        for (; i < count; i++)
            target[i] = Half(source[i]);
    }

    /// <summary>bf16, the upper half of a float.</summary>
    public static void BFloat16(ushort* source, float* target, nint count) => BFloat16(source, target, count, vectors: true);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BFloat16(ushort* source, float* target, nint count, bool vectors)
    {
        nint i = 0;
        if (vectors)
            for (; i <= count - Vector128<ushort>.Count; i += Vector128<ushort>.Count)
            {
                var (lower, upper) = Vector128.Widen(Vector128.Load(source + i));
                (lower << 16).AsSingle().Store(target + i);
                (upper << 16).AsSingle().Store(target + i + Vector128<float>.Count);
            }
        for (; i < count; i++)
            target[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }

    /// <summary>Signed bytes, each times the scale.</summary>
    public static void Bytes(sbyte* source, float scale, float* target, nint count) => Bytes(source, scale, target, count, vectors: true);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Bytes(sbyte* source, float scale, float* target, nint count, bool vectors)
    {
        nint i = 0;
        if (vectors)
            for (; i <= count - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
            {
                var (lower, upper) = Vector128.Widen(Vector128.Load(source + i));
                var (first, second) = Vector128.Widen(lower);
                var (third, fourth) = Vector128.Widen(upper);
                (Vector128.ConvertToSingle(first) * scale).Store(target + i);
                (Vector128.ConvertToSingle(second) * scale).Store(target + i + Vector128<float>.Count);
                (Vector128.ConvertToSingle(third) * scale).Store(target + i + 2 * Vector128<float>.Count);
                (Vector128.ConvertToSingle(fourth) * scale).Store(target + i + 3 * Vector128<float>.Count);
            }
        for (; i < count; i++)
            target[i] = source[i] * scale;
    }

    /// <summary>Whether none of the values is infinite or NaN.</summary>
    public static bool AreFinite(float* values, nint count) => AreFinite(values, count, vectors: true);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool AreFinite(float* values, nint count, bool vectors)
    {
        nint i = 0;
        if (vectors)
        {
            var exponent = Vector128.Create(Infinity);
            var found = Vector128<uint>.Zero;
            for (; i <= count - Vector128<float>.Count; i += Vector128<float>.Count)
                found |= Vector128.Equals(Vector128.Load((uint*)values + i) & exponent, exponent);
            if (found != Vector128<uint>.Zero)
                return false;
        }
        for (; i < count; i++)
            if (!float.IsFinite(values[i]))
                return false;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Half(Vector128<uint> half)
    {
        var magnitude = ((half & Vector128.Create(HalfMagnitude)) << HalfShift).AsSingle() * Rebias;
        var special = Vector128.Equals(half & Vector128.Create(HalfExponent), Vector128.Create(HalfExponent)) & Vector128.Create(Infinity);
        return (magnitude.AsUInt32() | special | ((half & Vector128.Create(HalfSign)) << SignShift)).AsSingle();
    }

    private static float Half(uint half)
    {
        var magnitude = BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle((half & HalfMagnitude) << HalfShift) * Rebias);
        var special = (half & HalfExponent) == HalfExponent ? Infinity : 0;
        return BitConverter.UInt32BitsToSingle(magnitude | special | ((half & HalfSign) << SignShift));
    }
}
