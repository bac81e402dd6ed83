using System.Runtime.Intrinsics;

namespace Sclip.Segmentation.Kernels;

/// <inheritdoc cref="ISimd{TSelf}" />
internal readonly unsafe struct Simd128(Vector128<float> value) : ISimd<Simd128>
{
    private readonly Vector128<float> _value = value;

    public static int Count => Vector128<float>.Count;

    public static Simd128 Broadcast(float value) => new(Vector128.Create(value));

    public static Simd128 Load(float* source) => new(Vector128.Load(source));

    public static void Store(Simd128 value, float* target) => value._value.Store(target);

    public static Simd128 MultiplyAdd(Simd128 a, Simd128 b, Simd128 c) => new(Vector128.MultiplyAddEstimate(a._value, b._value, c._value));

    public static Simd128 Reciprocal(Simd128 value) => new(Vector128<float>.One / value._value);

    public static Simd128 Max(Simd128 a, Simd128 b) => new(Vector128.MaxNative(a._value, b._value));

    public static Simd128 Min(Simd128 a, Simd128 b) => new(Vector128.MinNative(a._value, b._value));

    public static Simd128 Round(Simd128 value) => new(Vector128.Round(value._value));

    public static Simd128 PowerOfTwo(Simd128 exponent) =>
        new(((Vector128.ConvertToInt32Native(exponent._value) + Vector128.Create(127)) << 23).AsSingle());

    public static Simd128 SelectEqual(Simd128 a, Simd128 b, Simd128 whenEqual, Simd128 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.Equals(a._value, b._value), whenEqual._value, otherwise._value));

    public static float Sum(Simd128 value) => Vector128.Sum(value._value);

    public static float MaxElement(Simd128 value) => MathF.Max(MathF.Max(value._value[0], value._value[1]), MathF.Max(value._value[2], value._value[3]));

    public static Simd128 operator +(Simd128 left, Simd128 right) => new(left._value + right._value);

    public static Simd128 operator -(Simd128 left, Simd128 right) => new(left._value - right._value);

    public static Simd128 operator *(Simd128 left, Simd128 right) => new(left._value * right._value);

    public static Simd128 operator /(Simd128 left, Simd128 right) => new(left._value / right._value);
}
