using System.Diagnostics;
using System.Globalization;
using Sclip.Segmentation;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.TorchSharp;
using Sclip.Segmentation.TorchSharp.Vision;
using static global::TorchSharp.torch;

namespace Sclip.Bench.Torch;

/// <summary>
/// The backend on libtorch: windows a second of the dense forward pass by precision and batch, beside the device's own rate of a large
/// matrix product and, where their checkout is given, the authors' code, measured in turns; and pictures a second from decoded bytes to
/// label maps.
/// </summary>
internal static class TorchBench
{
    private const int Side = 224;
    private const double Seconds = 1;

    public static void Run(string model, string deviceName, string? authors, int threads)
    {
        using var clip = ClipModel.Load(model, threads, packVision: false);
        var device = Device(deviceName);
        if (device.Context is null)
            set_num_threads(threads);
        Console.WriteLine($"{device.Name}: {device.Description}; the authors' code: {authors ?? "not given"}");
        using var other = authors is null ? null : new AuthorsProcess(authors, device.Name, threads);
        var cuda = device.Context is not null;
        Console.WriteLine("| precision | batch | windows/s | TFLOP/s | large product TFLOP/s | share | authors' windows/s | ratio |\n|---|---|---|---|---|---|---|---|");
        foreach (var (name, type) in ((string, ScalarType)[])[("fp32", ScalarType.Float32), ("bf16", ScalarType.BFloat16)])
        {
            using var vision = new TorchVision(clip.Tensors, clip.Config, device.Device, type);
            using var attention = new TorchAttention(new CorrelativeSelfAttention(), clip.Config.Vision.Width, clip.Tensors, device.Device, type);
            foreach (var batch in cuda ? (int[])[1, 4, 16, 32, 64, 128, 256, 512] : [1, 4, 8])
            {
                var peak = ProductRate(device, type, cuda ? 8192 : 1024);
                var windows = ForwardRate(vision, attention, device, batch);
                var reference = other?.Rate(name, batch) ?? double.NaN;
                var flops = windows * VisionBench.FlopsOfWindow(clip.Config) / 1e12;
                peak = (peak + ProductRate(device, type, cuda ? 8192 : 1024)) / 2;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {name} | {batch} | {windows:F2} | {flops:F3} | {peak:F3} | {flops / peak:P1} | {reference:F2} | {windows / reference:F2} |"));
            }
        }
        foreach (var precision in (EnginePrecision[])[EnginePrecision.Float32, EnginePrecision.BFloat16])
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{precision}: {PictureRate(clip, device, precision):F2} pictures/s, 500 x 375 pixels, 6 windows, 21 names, from decoded bytes to label maps"));
    }

    public static TorchDevice Device(string name) => name == "torch-cpu" ? TorchDevice.Cpu() : TorchDevice.Cuda(int.Parse(name["cuda:".Length..], CultureInfo.InvariantCulture));

    private static double ForwardRate(TorchVision vision, TorchAttention attention, TorchDevice device, int batch)
    {
        using var scope = NewDisposeScope();
        var windows = randn(batch, 3, Side, Side, device: device.Device);
        return batch * Rate(() => vision.Forward(windows, attention, CancellationToken.None));
    }

    private static double ProductRate(TorchDevice device, ScalarType type, int side)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn(side, side, device: device.Device).to(type), randn(side, side, device: device.Device).to(type));
        return Rate(() => a.mm(b)) * 2 * Math.Pow(side, 3) / 1e12;
    }

    private static double PictureRate(ClipModel clip, TorchDevice device, EnginePrecision precision)
    {
        const int Names = 21;
        var random = new Random(3);
        var values = new float[Names * clip.Config.EmbeddingSize];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)random.NextDouble() - 0.5f;
        var labels = new LabelEmbeddings { Values = values, Dimension = clip.Config.EmbeddingSize, ClassOfName = [.. Enumerable.Range(0, Names)], ClassCount = Names };
        var rgb = new byte[500 * 375 * 3];
        random.NextBytes(rgb);
        var picture = new SegmentationInput { Rgb = rgb, Width = 500, Height = 375, ModelWidth = 448, ModelHeight = 336, OutputWidth = 500, OutputHeight = 375 };
        using var segmenter = new TorchSegmenter(clip, device, new TorchOptions { Precision = precision });
        var pictures = Enumerable.Repeat(picture, segmenter.PicturesAtOnce).ToArray();
        segmenter.Segment(pictures, labels, new SegmentationOptions());
        var (start, calls) = (Stopwatch.GetTimestamp(), 0);
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < 3 * Seconds || calls == 0; calls++)
            segmenter.Segment(pictures, labels, new SegmentationOptions());
        return pictures.Length * calls / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Calls a second, after one that warms up; reading a number of the last result waits for all of them.</summary>
    private static double Rate(Func<Tensor> call)
    {
        var once = Time(1);
        once = Math.Min(once, Time(1));
        var calls = Math.Max((int)(Seconds / Math.Max(once, 1e-4)), 1);
        return calls / Time(calls);

        double Time(int count)
        {
            using var scope = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                using var inner = NewDisposeScope();
                var result = call();
                if (i == count - 1)
                    result.flatten()[0].to(ScalarType.Float32).item<float>();
            }
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
