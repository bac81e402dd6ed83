namespace Sclip.Segmentation.Kernels.Bf16;

/// <summary>What bf16 gains on this processor. Some multiply in it at twice the rate of fp32, others at half of it.</summary>
internal static class Bf16Speed
{
    private const int Rounds = 6, Calls = 40;
    private static readonly Lazy<double> Measured = new(Measure);

    /// <summary>The rate of its micro-kernel as a multiple of that of fp32, measured once, in a few milliseconds.</summary>
    public static double Gain => Measured.Value;

    private static double Measure()
    {
        var (single, half) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        // In turns, and the best of each: others use the processor too.
        for (var round = 0; round < Rounds; round++)
        {
            single = Min(single, GemmKernel.Best.TimeAlone(Calls));
            half = Min(half, GemmKernel.OfBf16.TimeAlone(Calls));
        }
        return single / half * (GemmKernel.OfBf16.Full.Rows * GemmKernel.OfBf16.Columns) / (GemmKernel.Best.Full.Rows * GemmKernel.Best.Columns);

        static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
    }
}
