using Sclip.Segmentation.Kernels;
using static Sclip.Segmentation.Tests.Kernels.Reference;

namespace Sclip.Segmentation.Tests.Kernels;

/// <summary>Two products that hand over packed rows, some hidden columns at a time as an MLP has them, against two plain products in one chain each.</summary>
public unsafe class PackedProductTests
{
    private const int Bf16 = -16;

    public static TheoryData<int, int, int, int> Cases
    {
        get
        {
            var data = new TheoryData<int, int, int, int>();
            foreach (var kernel in (int[])[512, 256, 128, 0, Bf16])
                foreach (var (rows, width, hidden) in ((int, int, int)[])[(1, 64, 256), (13, 64, 770), (18, 128, 1536), (205, 40, 1601), (7, 768, 32)])
                    data.Add(kernel, rows, width, hidden);
            data.Add(512, 19, 1024, 4096);
            data.Add(Bf16, 5, 1024, 4096);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Two_products_by_slices_of_the_hidden_columns_are_the_plain_ones_to_the_last_bit(int width, int m, int n, int hidden)
    {
        var kernel = width == Bf16 ? GemmKernel.TwinOfBf16 : GemmKernel.ForWidth(width);
        Func<float[], float[], float[]?, int, int, int, float[]> product = width == Bf16 ? ProductInBf16 : Product;
        // As trained weights have them: what comes out is about as large as what goes in.
        var (x, start) = (Random(m * n, 1, 2), Random(m * n, 2));
        var (first, firstBias) = (Random(hidden * n, 3, 2 / MathF.Sqrt(n)), Random(hidden, 4));
        var (second, secondBias) = (Random(n * hidden, 5, 2 / MathF.Sqrt(hidden)), Random(n, 6));
        var between = product(x, Transposed(first, hidden, n), null, m, hidden, n);
        foreach (var activation in (Epilogue[])[Epilogue.QuickGelu, Epilogue.Gelu])
        {
            var activated = between.ToArray();
            fixed (float* h = activated, bias = firstBias)
                kernel.Finish(h, hidden, m, hidden, bias, activation);
            var expected = product(activated, Transposed(second, n, hidden), start, m, n, hidden);
            for (var i = 0; i < expected.Length; i++)
                expected[i] += secondBias[i % n];
            Assert.Equal(expected, Chained(x, start, first, firstBias, second, secondBias, m, n, hidden, activation, kernel));
        }
    }

    private static float[] Chained(
        float[] x, float[] start, float[] first, float[] firstBias, float[] second, float[] secondBias, int m, int n, int hidden, Epilogue activation, GemmKernel kernel)
    {
        using var into = new PackedMatrix(n, hidden, kernel);
        using var outOf = new PackedMatrix(hidden, n, kernel);
        using var scratch = new Scratch();
        into.SetColumns(0, first);
        outOf.SetColumns(0, second);
        var depth = Math.Min(hidden, GemmKernel.Depth);
        using var rows = Poisoned((long)kernel.WholeRows(m) * kernel.Steps(n));
        using var slice = Poisoned((long)kernel.WholeRows(m) * kernel.Steps(depth));
        var result = start.ToArray();
        fixed (float* a = x, c = result, inner = firstBias, outer = secondBias)
        {
            Gemm.PackRows(a, n, m, n, kernel, rows.Pointer, scratch);
            for (var column = 0; column < hidden; column += GemmKernel.Depth)
            {
                var count = Math.Min(GemmKernel.Depth, hidden - column);
                var (panel, end) = (column / kernel.Columns, (column + count + kernel.Columns - 1) / kernel.Columns);
                Gemm.MultiplyToPacked(rows.Pointer, m, into, panel, end, inner, activation, slice.Pointer, scratch);
                Gemm.MultiplySlice(slice.Pointer, m, outOf, column, count, 0, outOf.Panels, c, n, outer, Epilogue.Residual, accumulate: true);
            }
        }
        return result;
    }

    /// <summary>Working memory as others have left it.</summary>
    private static NativeBuffer Poisoned(long length)
    {
        var buffer = new NativeBuffer(length);
        new Span<float>(buffer.Pointer, (int)length).Fill(float.NaN);
        return buffer;
    }
}
