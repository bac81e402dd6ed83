using System.Runtime.Intrinsics;

namespace Sclip.Segmentation.Kernels;

/// <inheritdoc cref="ISimd{TSelf}" />
internal readonly unsafe struct Simd256(Vector256<float> value) : ISimd<Simd256>
{
    private readonly Vector256<float> _value = value;

    public static int Count => Vector256<float>.Count;

    public static Simd256 Broadcast(float value) => new(Vector256.Create(value));

    public static Simd256 Load(float* source) => new(Vector256.Load(source));

    public static void Store(Simd256 value, float* target) => value._value.Store(target);

    public static Simd256 MultiplyAdd(Simd256 a, Simd256 b, Simd256 c) => new(Vector256.MultiplyAddEstimate(a._value, b._value, c._value));

    public static Simd256 Reciprocal(Simd256 value) => new(Vector256<float>.One / value._value);

    public static Simd256 Max(Simd256 a, Simd256 b) => new(Vector256.MaxNative(a._value, b._value));

    public static Simd256 Min(Simd256 a, Simd256 b) => new(Vector256.MinNative(a._value, b._value));

    public static Simd256 Round(Simd256 value) => new(Vector256.Round(value._value));

    public static Simd256 PowerOfTwo(Simd256 exponent) =>
        new(((Vector256.ConvertToInt32Native(exponent._value) + Vector256.Create(127)) << 23).AsSingle());

    public static Simd256 SelectEqual(Simd256 a, Simd256 b, Simd256 whenEqual, Simd256 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.Equals(a._value, b._value), whenEqual._value, otherwise._value));

    public static float Sum(Simd256 value) => Vector256.Sum(value._value);

    public static float MaxElement(Simd256 value) => Simd128.MaxElement(new(Vector128.MaxNative(value._value.GetLower(), value._value.GetUpper())));

    public static Simd256 operator +(Simd256 left, Simd256 right) => new(left._value + right._value);

    public static Simd256 operator -(Simd256 left, Simd256 right) => new(left._value - right._value);

    public static Simd256 operator *(Simd256 left, Simd256 right) => new(left._value * right._value);

    public static Simd256 operator /(Simd256 left, Simd256 right) => new(left._value / right._value);
}
