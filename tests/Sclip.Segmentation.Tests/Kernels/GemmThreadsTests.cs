using Sclip.Segmentation.Kernels;
using static Sclip.Segmentation.Tests.Kernels.Reference;

namespace Sclip.Segmentation.Tests.Kernels;

public unsafe class GemmThreadsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(14)]
    [InlineData(18)]
    [InlineData(24)]
    [InlineData(61)]
    [InlineData(205)]
    [InlineData(430)]
    public void A_product_of_few_rows_or_many_is_one_chain_for_each_element_on_any_number_of_threads(int m)
    {
        const int N = 100;
        foreach (var k in (int[])[767, 769, 1537])
        {
            var (a, b, bias, start) = (Random(m * k, 1), Random(N * k, 2), Random(N, 3), Random(m * N, 4));
            var expected = Product(a, Transposed(b, N, k), start, m, N, k);
            for (var i = 0; i < expected.Length; i++)
                expected[i] += bias[i % N];
            foreach (var width in (int[])[512, 256, 128, 0])
            {
                using var packed = new PackedMatrix(k, N, GemmKernel.ForWidth(width));
                packed.SetColumns(0, b);
                foreach (var threads in (int[])[1, 2, 3, 8, 33])
                {
                    using var pool = new Threads(threads);
                    var result = start.ToArray();
                    fixed (float* left = a, offset = bias, c = result)
                        Gemm.Multiply(left, k, m, packed, c, N, offset, Epilogue.Residual, pool);
                    Assert.Equal(expected, result);
                }
            }
        }
    }
}
