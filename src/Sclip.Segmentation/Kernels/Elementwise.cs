using System.Numerics.Tensors;

namespace Sclip.Segmentation.Kernels;

/// <summary>Functions of single elements, in place over n floats.</summary>
internal static unsafe class Elementwise
{
    /// <summary>x += y.</summary>
    public static void Add(float* x, float* y, int n)
    {
        var values = new Span<float>(x, n);
        TensorPrimitives.Add(values, new ReadOnlySpan<float>(y, n), values);
    }

    /// <summary>x *= factor.</summary>
    public static void Scale(float* x, float factor, int n)
    {
        var values = new Span<float>(x, n);
        TensorPrimitives.Multiply(values, factor, values);
    }
}
