using Sclip.Segmentation.Kernels;
using static Sclip.Segmentation.Tests.Kernels.Reference;

namespace Sclip.Segmentation.Tests.Kernels;

/// <summary>Two products that hand over packed rows, some hidden columns at a time as an MLP has them, against two plain products in one chain each.</summary>
public unsafe class PackedProductTests
{
    private const int Bf16 = -16, WorkingMemory = 1 << 19;

    public static TheoryData<int, int, int, int> Cases
    {
        get
        {
            var data = new TheoryData<int, int, int, int>();
            foreach (var kernel in (int[])[512, 256, 128, 0, Bf16])
                foreach (var (rows, width, hidden) in ((int, int, int)[])[(1, 64, 256), (13, 64, 770), (18, 128, 1536), (205, 40, 1601), (7, 768, 32)])
                    data.Add(kernel, rows, width, hidden);
            data.Add(512, 19, 1024, 4096);
            data.Add(256, 24, 771, 3073);
            data.Add(Bf16, 13, 27, 65);
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
            foreach (var threads in (int[])[1, 2, 5])
                Assert.Equal(expected, Chained(x, start, first, firstBias, second, secondBias, m, n, hidden, activation, kernel, threads));
        }
    }

    private static float[] Chained(
        float[] x, float[] start, float[] first, float[] firstBias, float[] second, float[] secondBias, int m, int n, int hidden, Epilogue activation, GemmKernel kernel, int count)
    {
        using var into = new PackedMatrix(n, hidden, kernel);
        using var outOf = new PackedMatrix(hidden, n, kernel);
        using var threads = new Threads(count);
        into.SetColumns(0, first);
        outOf.SetColumns(0, second);
        // Working memory as others have left it.
        foreach (var place in (Scratch.Slot[])[Scratch.Slot.PackedRows, Scratch.Slot.PackedHidden])
            new Span<float>(threads.Shared.Get(place, WorkingMemory), WorkingMemory).Fill(float.NaN);
        var result = start.ToArray();
        fixed (float* a = x, c = result, inner = firstBias, outer = secondBias)
        {
            var rows = new PackedRows(m, n, kernel, threads, Scratch.Slot.PackedRows);
            rows.Pack(a, n, threads);
            var columns = count * GemmKernel.Depth;
            for (var column = 0; column < hidden; column += columns)
            {
                var some = Math.Min(columns, hidden - column);
                var slice = new PackedRows(m, some, kernel, threads, Scratch.Slot.PackedHidden);
                Gemm.MultiplyToPacked(rows, into, column / kernel.Columns, (column + some + kernel.Columns - 1) / kernel.Columns, inner, activation, slice, threads);
                Gemm.Multiply(slice, outOf, column, c, n, outer, Epilogue.Residual, threads);
            }
        }
        return result;
    }
}
