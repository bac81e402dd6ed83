using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Kernels.Bf16;

namespace Sclip.Segmentation.Tests.Kernels.Bf16;

/// <summary>The whole matrix product in bf16, packing and edges included, against one of rounded numbers in double precision.</summary>
public unsafe class Bf16ProductTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_product_of_any_size_is_that_of_rounded_numbers(bool twin)
    {
        var kernel = Kernel(twin);
        foreach (var (m, n, k) in ((int, int, int)[])[(1, 1, 1), (6, 16, 5), (12, 32, 256), (13, 33, 257), (5, 50, 600), (200, 7, 31), (19, 40, 1600), (7, 33, 769)])
        {
            var (a, b, bias, start) = (Random(m * k, 1), Random(n * k, 2), Random(n, 3), Random(m * n, 4));
            foreach (var epilogue in (Epilogue[])[Epilogue.None, Epilogue.Residual])
            {
                var result = Multiply(a, b, bias, start, m, n, k, epilogue, kernel, threads: 2);
                for (var i = 0; i < m * n; i++)
                {
                    var sum = bias[i % n] + (epilogue == Epilogue.Residual ? (double)start[i] : 0);
                    for (var depth = 0; depth < k; depth++)
                        sum += (double)Rounded(a[i / n * k + depth]) * Rounded(b[i % n * k + depth]);
                    Assert.Equal(sum, result[i], 1e-6 * k + 1e-6);
                }
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_product_is_the_same_to_the_last_bit_on_any_number_of_threads(bool twin)
    {
        var (m, n, k) = (61, 100, 900);
        var (a, b, bias, start) = (Random(m * k, 1), Random(n * k, 2), Random(n, 3), Random(m * n, 4));
        var first = Multiply(a, b, bias, start, m, n, k, Epilogue.QuickGelu, Kernel(twin), threads: 1);
        foreach (var threads in (int[])[2, 3, 8])
            Assert.Equal(first, Multiply(a, b, bias, start, m, n, k, Epilogue.QuickGelu, Kernel(twin), threads));
    }

    [Fact]
    public void Weights_take_half_the_memory() => Assert.Equal(
        PackedMatrix.PackedLength(768, 3072, GemmKernel.ForWidth(512)), 2 * PackedMatrix.PackedLength(768, 3072, GemmKernel.TwinOfBf16));

    private static GemmKernel Kernel(bool twin)
    {
        Assert.SkipUnless(twin || Bf16Support.Lack is null, Bf16Support.Lack ?? "");
        Assert.SkipUnless(twin || Bf16Tile.Refusal is null, "The system lets no page be executable.");
        return twin ? GemmKernel.TwinOfBf16 : GemmKernel.OfBf16;
    }

    private static float[] Multiply(float[] a, float[] b, float[] bias, float[] start, int m, int n, int k, Epilogue epilogue, GemmKernel kernel, int threads)
    {
        using var packed = new PackedMatrix(k, n, kernel);
        using var pool = new Threads(threads);
        // In two parts, as the weights of queries, keys and values are.
        packed.SetColumns(0, b.AsSpan(0, n / 2 * k));
        packed.SetColumns(n / 2, b.AsSpan(n / 2 * k));
        var result = start.ToArray();
        fixed (float* left = a, c = result, offset = bias)
            Gemm.Multiply(left, k, m, packed, c, n, offset, epilogue, pool);
        return result;
    }

    private static float Rounded(float value) => Rounding.Widen(Rounding.Upper(BitConverter.SingleToUInt32Bits(value)));

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() * 2 - 1)];
    }
}
