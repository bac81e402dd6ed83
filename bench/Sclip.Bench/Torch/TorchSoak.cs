using System.Diagnostics;
using System.Globalization;
using Sclip.Segmentation;
using Sclip.Segmentation.TorchSharp;
using static global::TorchSharp.torch;

namespace Sclip.Bench.Torch;

/// <summary>Labels many pictures of changing sizes and prints what memory is held, which must not grow.</summary>
internal static class TorchSoak
{
    public static void Run(string model, string deviceName, int pictures)
    {
        const int Names = 12;
        using var clip = ClipModel.Load(model, 1, packVision: false);
        var device = TorchBench.Device(deviceName);
        using var segmenter = new TorchSegmenter(clip, device, new TorchOptions());
        var random = new Random(4);
        var labels = new LabelEmbeddings
        {
            Values = [.. Enumerable.Range(0, Names * clip.Config.EmbeddingSize).Select(_ => (float)random.NextDouble() - 0.5f)],
            Dimension = clip.Config.EmbeddingSize,
            ClassOfName = [.. Enumerable.Range(0, Names)],
            ClassCount = Names,
            BackgroundClass = 0,
        };
        var side = clip.Config.ImageSize;
        var options = new SegmentationOptions { Crop = side, Stride = side / 2, AreaThreshold = 0.01, ProbabilityThreshold = 0.1 };
        var rgb = new byte[side * 2 * side * 2 * 3];
        random.NextBytes(rgb);
        Console.WriteLine("| pictures | resident memory MB | managed heap MB | device memory taken MB | tensors |\n|---|---|---|---|---|");
        for (var done = 0; done <= pictures;)
        {
            if (done % (pictures / 10) < segmenter.PicturesAtOnce)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {done} | {Process.GetCurrentProcess().WorkingSet64 >> 20} | {GC.GetTotalMemory(forceFullCollection: true) >> 20} | {Taken(device)} | {Tensor.TotalCount} |"));
            var group = Enumerable.Range(0, segmenter.PicturesAtOnce).Select(_ =>
            {
                var (height, width) = (side + random.Next(side / 4), side + random.Next(side / 4));
                return new SegmentationInput
                {
                    Rgb = rgb.AsMemory(0, height * width * 3),
                    Width = width,
                    Height = height,
                    ModelWidth = side,
                    ModelHeight = side,
                    OutputWidth = width,
                    OutputHeight = height,
                };
            }).ToArray();
            done += segmenter.Segment(group, labels, options).Count;
        }
    }

    private static string Taken(TorchDevice device) => device.Context is { } context
        ? ((context.Memory().Total - context.Memory().Free) >> 20).ToString(CultureInfo.InvariantCulture)
        : "-";
}
