using System.Numerics;

namespace Sclip.Segmentation.Kernels;

/// <summary>
/// A vector of floats of one width. Kernels are written once over it; <see cref="Simd512"/>, <see cref="Simd256"/>,
/// <see cref="Simd128"/> and the scalar <see cref="Simd1"/> give the widths. All of them work on every processor (a width that the
/// hardware lacks is emulated), so that tests can compare each with the scalar one.
/// </summary>
internal unsafe interface ISimd<TSelf> :
    IAdditionOperators<TSelf, TSelf, TSelf>, ISubtractionOperators<TSelf, TSelf, TSelf>,
    IMultiplyOperators<TSelf, TSelf, TSelf>, IDivisionOperators<TSelf, TSelf, TSelf>
    where TSelf : struct, ISimd<TSelf>
{
    /// <summary>Floats in the vector.</summary>
    static abstract int Count { get; }

    static abstract TSelf Broadcast(float value);

    static abstract TSelf Load(float* source);

    static abstract void Store(TSelf value, float* target);

    /// <summary>a * b + c, fused where the processor can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>1 / value within 2 units in the last place, for normal numbers up to 2^126.</summary>
    static abstract TSelf Reciprocal(TSelf value);

    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>To the nearest integer, ties to even.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>2^exponent for integral exponents in -126..127.</summary>
    static abstract TSelf PowerOfTwo(TSelf exponent);

    /// <summary>Element by element: of one where a and b are equal, else of the other.</summary>
    static abstract TSelf SelectEqual(TSelf a, TSelf b, TSelf whenEqual, TSelf otherwise);

    /// <summary>Sum of the elements.</summary>
    static abstract float Sum(TSelf value);

    /// <summary>Greatest of the elements.</summary>
    static abstract float MaxElement(TSelf value);
}
