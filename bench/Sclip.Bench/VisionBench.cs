using System.Diagnostics;
using System.Globalization;
using Sclip.Segmentation;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Vision;

namespace Sclip.Bench;

/// <summary>
/// Windows a second of the dense forward pass, beside the rate of the micro-kernel alone on the same threads, measured in turns with
/// one clock: their ratio says how much of the machine's matrix rate the engine turns into windows.
/// </summary>
internal static unsafe class VisionBench
{
    private const int Side = 224;

    public static void Run(string model, int threads, int batch, int rounds)
    {
        using var clip = ClipModel.Load(model, threads);
        var method = new CorrelativeSelfAttention();
        var picture = new byte[Side * Side * 3];
        new Random(2).NextBytes(picture);
        var windows = Enumerable.Range(0, batch).Select(_ => new PixelWindow(picture, Side, 0, 0, Side, Side)).ToArray();
        var flops = FlopsOfWindow(clip.Config);
        clip.Vision.Forward(windows, method, CancellationToken.None);
        KernelRate(threads);
        var (windowRates, shares, waits) = (new List<double>(), new List<double>(), new List<double>());
        var kernelRates = new List<double> { KernelRate(threads) };
        for (var round = 0; round < rounds; round++)
        {
            var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            clip.Vision.Forward(windows, method, CancellationToken.None);
            var elapsed = Stopwatch.GetElapsedTime(start);
            windowRates.Add(batch / elapsed.TotalSeconds);
            waits.Add(1 - (Environment.CpuUsage.TotalTime - cpu) / elapsed / threads);
            kernelRates.Add(KernelRate(threads));
            // Against the kernel just before and just after: the machine's own rate wanders.
            shares.Add(windowRates[^1] * flops / 1e9 / ((kernelRates[^1] + kernelRates[^2]) / 2));
        }
        var (rate, kernel) = (Medians.Of(windowRates), Medians.Of(kernelRates));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            vectors of {Simd.Width} bits, {threads} threads, batch {batch}, {rounds} rounds, medians (best)
            micro-kernel alone   {kernel,8:F1} GFLOP/s ({kernelRates.Max():F1})
            dense forward pass   {rate,8:F2} windows/s ({windowRates.Max():F2}) = {rate * flops / 1e9:F1} GFLOP/s at {flops / 1e9:F1} GFLOP a window
            share of the kernel  {Medians.Of(shares),8:P1} ({shares.Max():P1})
            threads that wait    {Medians.Of(waits),8:P1} ({waits.Min():P1}), at the ends of parallel loops, or for what else runs on the machine
            """));
    }

    /// <summary>GFLOP/s of the micro-kernel on panels that stay in the nearest caches, on all threads at once.</summary>
    private static double KernelRate(int threads)
    {
        const int Tiles = 250_000;
        var start = Stopwatch.GetTimestamp();
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => GemmKernel.Best.TimeAlone(Tiles));
        return FlopsOfTile(GemmKernel.Best) * Tiles * threads / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    /// <summary>Multiplications and additions of the micro-kernel's full tile at full depth.</summary>
    public static double FlopsOfTile(GemmKernel kernel) => 2.0 * kernel.Full.Rows * kernel.Columns * GemmKernel.Depth;

    /// <summary>Multiplications and additions of the matrix products of one window.</summary>
    public static double FlopsOfWindow(ClipConfig config)
    {
        double patches = Math.Pow(Side / config.PatchSize, 2), tokens = patches + 1, width = config.Vision.Width, hidden = config.Vision.Hidden;
        var layer = tokens * (4 * width * width + 2 * width * hidden) + 2 * tokens * tokens * width;
        var correlative = tokens * tokens * width;
        var embedding = patches * 3 * config.PatchSize * config.PatchSize * width;
        return 2 * (config.Vision.Layers * layer + correlative + embedding + tokens * width * config.EmbeddingSize);
    }
}
