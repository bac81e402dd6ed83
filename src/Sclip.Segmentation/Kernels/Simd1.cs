namespace Sclip.Segmentation.Kernels;

/// <summary>The scalar twin of the vectors: one float.</summary>
internal readonly unsafe struct Simd1(float value) : ISimd<Simd1>
{
    private readonly float _value = value;

    public static int Count => 1;

    public static Simd1 Broadcast(float value) => new(value);

    public static Simd1 Load(float* source) => new(*source);

    public static void Store(Simd1 value, float* target) => *target = value._value;

    public static Simd1 MultiplyAdd(Simd1 a, Simd1 b, Simd1 c) => new(float.MultiplyAddEstimate(a._value, b._value, c._value));

    public static Simd1 Reciprocal(Simd1 value) => new(1 / value._value);

    public static Simd1 Max(Simd1 a, Simd1 b) => new(a._value > b._value ? a._value : b._value);

    public static Simd1 Min(Simd1 a, Simd1 b) => new(a._value < b._value ? a._value : b._value);

    public static Simd1 Round(Simd1 value) => new(MathF.Round(value._value, MidpointRounding.ToEven));

    public static Simd1 PowerOfTwo(Simd1 exponent) => new(BitConverter.Int32BitsToSingle(((int)exponent._value + 127) << 23));

    public static Simd1 SelectEqual(Simd1 a, Simd1 b, Simd1 whenEqual, Simd1 otherwise) => a._value == b._value ? whenEqual : otherwise;

    public static float Sum(Simd1 value) => value._value;

    public static float MaxElement(Simd1 value) => value._value;

    public static Simd1 operator +(Simd1 left, Simd1 right) => new(left._value + right._value);

    public static Simd1 operator -(Simd1 left, Simd1 right) => new(left._value - right._value);

    public static Simd1 operator *(Simd1 left, Simd1 right) => new(left._value * right._value);

    public static Simd1 operator /(Simd1 left, Simd1 right) => new(left._value / right._value);
}
