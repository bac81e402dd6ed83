using Sclip.Segmentation.Kernels;
using static Sclip.Segmentation.Tests.Kernels.Reference;

namespace Sclip.Segmentation.Tests.Kernels;

public unsafe class TileEpilogueTests
{
    [Theory]
    [MemberData(nameof(KernelWidthTests.Widths), MemberType = typeof(KernelWidthTests))]
    public void Bias_and_activation_change_a_tile_of_any_size_and_nothing_around_it(int width)
    {
        const int Rows = 5, Before = 7;
        foreach (var columns in (int[])[1, 15, 17, 33])
            foreach (var hasBias in (bool[])[false, true])
                foreach (var epilogue in Enum.GetValues<Epilogue>())
                {
                    var stride = columns + 6;
                    var (c, bias) = (Random(Before + Rows * stride, columns, 6), Random(columns, 1));
                    var before = c.ToArray();
                    fixed (float* first = c, b = bias)
                        GemmKernel.ForWidth(width).Finish(first + Before, stride, Rows, columns, hasBias ? b : null, epilogue);
                    for (var i = 0; i < c.Length; i++)
                    {
                        var column = (i - Before) % stride;
                        if (i < Before || column >= columns)
                        {
                            Assert.Equal(before[i], c[i]);
                            continue;
                        }
                        var x = hasBias ? before[i] + bias[column] : before[i];
                        if (epilogue is Epilogue.None or Epilogue.Residual)
                            Assert.Equal(x, c[i]);
                        else
                            Assert.Equal(epilogue == Epilogue.QuickGelu ? x / (1 + Math.Exp(-1.702 * x)) : x * KernelWidthTests.NormalDistribution(x), c[i], 2e-6 * Math.Max(1, Math.Abs(x)));
                    }
                }
    }
}
