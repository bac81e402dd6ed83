using System.Runtime.Intrinsics.X86;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.Refinement;
using static Sclip.Segmentation.Tests.Kernels.Reference;

namespace Sclip.Segmentation.Tests.Kernels;

/// <summary>Every kernel at every vector width against its scalar twin; widths that the processor lacks are emulated.</summary>
public unsafe class KernelWidthTests
{
    private static readonly int[] Lengths = [1, 2, 7, 8, 15, 16, 17, 31, 33, 64, 197];

    public static TheoryData<int> Widths => [512, 256, 128, 0];

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_matrix_product_is_the_same_to_the_last_bit_at_every_width(int width)
    {
        foreach (var (m, n, k) in ((int, int, int)[])[(1, 1, 1), (6, 16, 5), (12, 32, 256), (13, 33, 257), (5, 50, 600), (200, 7, 31), (19, 40, 1600)])
        {
            var (a, b, start) = (Random(m * k, 1), Random(k * n, 2), Random(m * n, 3));
            foreach (var accumulate in (bool[])[false, true])
                Assert.Equal(Product(a, b, accumulate ? start : null, m, n, k), Blocked(a, b, start, m, n, k, accumulate, GemmKernel.ForWidth(width)));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Packing_a_matrix_and_its_transpose_give_the_same_panels(int width)
    {
        var kernel = GemmKernel.ForWidth(width);
        var values = Random(9 * 37, 4);
        using var plain = new PackedMatrix(9, 37, kernel);
        using var transposed = new PackedMatrix(9, 37, kernel);
        plain.SetRows(values);
        transposed.SetColumns(0, [.. Enumerable.Range(0, 37 * 9).Select(i => values[i % 9 * 37 + i / 9])]);
        var length = (int)PackedMatrix.PackedLength(9, 37, kernel);
        Assert.Equal(new ReadOnlySpan<float>(plain.Values, length).ToArray(), new ReadOnlySpan<float>(transposed.Values, length).ToArray());
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Softmax_agrees_with_double_precision(int width)
    {
        foreach (var n in Lengths)
        {
            var row = Random(n, n, 20);
            var powers = row.Select(value => Math.Exp(value - (double)row.Max())).ToArray();
            fixed (float* x = row)
                Softmax.Row(x, n, width);
            for (var i = 0; i < n; i++)
                Assert.Equal(powers[i] / powers.Sum(), row[i], 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Softmax_down_the_columns_agrees_with_double_precision(int width)
    {
        const int Columns = 32;
        foreach (var n in Lengths)
        {
            var panel = Random(n * Columns, n, 20);
            var before = panel.ToArray();
            fixed (float* x = panel)
                ColumnSoftmax.Apply(x, n, Columns, 0.125f, 0.5f, width);
            for (var column = 0; column < Columns; column++)
            {
                var powers = Enumerable.Range(0, n).Select(row => Math.Exp(0.125 * before[row * Columns + column])).ToArray();
                for (var row = 0; row < n; row++)
                    Assert.Equal(0.5 * powers[row] / powers.Sum(), panel[row * Columns + column], 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Transposing_moves_every_element_once_and_nothing_else(bool vectors)
    {
        Assert.SkipUnless(!vectors || Sse.IsSupported, "The vectors are those of SSE.");
        foreach (var rows in Lengths)
            foreach (var columns in Lengths)
            {
                var (source, target) = (Random((rows + 1) * (columns + 3), 5), new float[columns * (rows + 2)]);
                fixed (float* from = source, to = target)
                    Transpose.Apply(from, columns + 3, rows, columns, to, rows + 2, vectors);
                Assert.All(Enumerable.Range(0, target.Length), i => Assert.Equal(i % (rows + 2) < rows ? source[i % (rows + 2) * (columns + 3) + i / (rows + 2)] : 0, target[i]));
            }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Layer_norm_agrees_with_double_precision(int width)
    {
        foreach (var n in Lengths)
        {
            var (row, weight, bias, result) = (Random(n, 1, 3), Random(n, 2), Random(n, 3), new float[n]);
            var mean = row.Average(value => (double)value);
            var deviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + 1e-5);
            fixed (float* x = row, y = result, w = weight, b = bias)
                LayerNorm.Row(x, y, n, w, b, 1e-5f, width);
            for (var i = 0; i < n; i++)
                Assert.Equal((row[i] - mean) / deviation * weight[i] + bias[i], result[i], 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Activations_agree_with_double_precision(int width)
    {
        float[] row = [.. Enumerable.Range(-150, 301).Select(i => i * 0.1f), -100, 100, 0];
        var (quick, exact) = (row.ToArray(), row.ToArray());
        fixed (float* q = quick, e = exact)
        {
            GemmKernel.ForWidth(width).Finish(q, 0, 1, row.Length, null, Epilogue.QuickGelu);
            GemmKernel.ForWidth(width).Finish(e, 0, 1, row.Length, null, Epilogue.Gelu);
        }
        for (var i = 0; i < row.Length; i++)
        {
            double x = row[i];
            Assert.Equal(x / (1 + Math.Exp(-1.702 * x)), quick[i], 2e-6 * Math.Max(1, Math.Abs(x)));
            Assert.Equal(x * NormalDistribution(x), exact[i], 2e-6 * Math.Max(1, Math.Abs(x)));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Exponentials_are_within_a_few_units_in_the_last_place(int width)
    {
        for (var x = -87f; x < 88; x += 0.37f)
        {
            var actual = width switch { 512 => Exp<Simd512>(x), 256 => Exp<Simd256>(x), 128 => Exp<Simd128>(x), _ => Exp<Simd1>(x) };
            Assert.True(Math.Abs(actual / Math.Exp(x) - 1) < 4e-7, $"e^{x} is {actual}");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Adding_the_columns_of_a_row_is_the_same_at_every_width(int width)
    {
        var columns = BilinearResize.Taps(5, 13);
        foreach (var n in Lengths)
        {
            var (row, start) = (Random(5 * n, 1), Random(columns.Length * n, 3));
            var target = start.ToArray();
            fixed (float* source = row, t = target)
                BilinearResize.AddMixed(source, columns, n, t, width);
            for (var i = 0; i < target.Length; i++)
            {
                var (column, lane) = (columns[i / n], i % n);
                var (first, second) = (row[column.First * n + lane], row[column.Second * n + lane]);
                Assert.Equal(float.MultiplyAddEstimate(second - first, column.Share, first) + start[i], target[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Mixing_rows_is_the_same_at_every_width(int width)
    {
        foreach (var n in Lengths)
        {
            var (a, b) = (Random(n, 1), Random(n, 2));
            var into = new float[n];
            fixed (float* first = a, second = b, t = into)
            {
                BilinearResize.Mix(first, second, 0.3f, t, n, width);
                for (var i = 0; i < n; i++)
                    Assert.Equal(float.MultiplyAddEstimate(b[i] - a[i], 0.3f, a[i]), into[i]);
                BilinearResize.Mix(first, second, 0, t, n, width);
                Assert.Equal(a, into);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Weighted_rows_clamp_at_both_ends_at_every_width(int width)
    {
        foreach (var n in Lengths)
            foreach (var shift in (int[])[0, 1, -1, 3, -5, 40, -40])
            {
                var (weights, source, target) = (Random(n, 1), Random(n, 2), Random(n, 3));
                var expected = target.Select((value, x) => float.MultiplyAddEstimate(weights[x], source[Math.Clamp(x + shift, 0, n - 1)], value)).ToArray();
                fixed (float* w = weights, s = source, t = target)
                    WeightedRow.Add(w, s, shift, t, n, width);
                Assert.Equal(expected, target);
            }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_pixels_maximum_and_sum_agree_with_double_precision(int width)
    {
        const int Stride = 48;
        var (a, b) = (Random(Stride, 1), Random(Stride, 2));
        var mixed = a.Zip(b, (x, y) => x + (y - (double)x) * 0.7).ToArray();
        using var pixel = new NativeBuffer(Stride);
        fixed (float* first = a, second = b)
        {
            var (max, sum) = width switch
            {
                512 => RowScores.MixPixel<Simd512>(first, second, 0.7f, 40, pixel.Pointer, Stride),
                256 => RowScores.MixPixel<Simd256>(first, second, 0.7f, 40, pixel.Pointer, Stride),
                128 => RowScores.MixPixel<Simd128>(first, second, 0.7f, 40, pixel.Pointer, Stride),
                _ => RowScores.MixPixel<Simd1>(first, second, 0.7f, 40, pixel.Pointer, Stride),
            };
            Assert.Equal(mixed.Max(), max, 1e-6);
            Assert.Equal(mixed.Sum(value => Math.Exp((value - mixed.Max()) * 40)), sum, 1e-4);
        }
    }

    private static float Exp<T>(float x)
        where T : struct, ISimd<T>
    {
        var values = stackalloc float[16];
        T.Store(Simd.Exp(T.Broadcast(x)), values);
        return values[T.Count - 1];
    }

    /// <summary>Integrates the density, independently of the kernel's polynomial.</summary>
    internal static double NormalDistribution(double x)
    {
        if (Math.Abs(x) > 8)
            return x > 0 ? 1 : 0;
        const int Steps = 2000;
        var sum = 0.0;
        for (var i = 0; i < Steps; i++)
        {
            var t = x * (i + 0.5) / Steps;
            sum += Math.Exp(-t * t / 2);
        }
        return 0.5 + sum * x / Steps / Math.Sqrt(2 * Math.PI);
    }

    private static float[] Blocked(float[] a, float[] b, float[] start, int m, int n, int k, bool accumulate, GemmKernel kernel)
    {
        using var packed = new PackedMatrix(k, n, kernel);
        using var threads = new Threads(1);
        packed.SetRows(b);
        var result = start.ToArray();
        fixed (float* left = a, c = result)
            Gemm.Multiply(left, k, m, packed, c, n, null, accumulate ? Epilogue.Residual : Epilogue.None, threads);
        return result;
    }
}
