using System.Diagnostics;
using System.Globalization;
using Sclip.Bench.Doubles;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Imaging.Codecs;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Worker.Pipeline;

namespace Sclip.Bench;

/// <summary>What labelling one picture costs by its pixels and by the names, through the worker's own pipeline, as a Markdown table. Names have random embeddings.</summary>
internal static class GrowthBench
{
    private static readonly (string Megapixels, int Width, int Height)[] Sizes =
        [("0.1", 364, 273), ("0.5", 816, 612), ("1", 1152, 864), ("4", 2304, 1728), ("12", 4000, 3000), ("48", 8000, 6000)];

    private static readonly int[] Names = [2, 20, 171, 1000];

    public static async Task RunAsync(string folder, string model, int threads, int rounds)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        var (input, output) = (new FileBlobStore(Path.Combine(folder, "in"), durable: false), new FileBlobStore(Path.Combine(folder, "out"), durable: false));
        foreach (var (megapixels, width, height) in Sizes)
            await input.WriteAsync($"{megapixels}.jpg", Picture(width, height), WriteCondition.None, CancellationToken.None);
        using var clip = ClipModel.Load(model, threads);
        using var engine = new ManagedSegmenter(clip);
        var options = PipelineOptions.Of(new JobSettings(), clip.Defaults, ImageLimits.Default, batch: null, threads);
        await LabelAsync("0.5", 20);
        Console.WriteLine($"""
            | megapixels | names | decode, resize | windows | label map | of it ns a pixel | mask | all | peak memory |
            |---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """);
        foreach (var (megapixels, width, height) in Sizes)
            foreach (var names in Names)
            {
                var best = default(Cost);
                for (var round = 0; round < rounds; round++)
                    if (await LabelAsync(megapixels, names) is var cost && (round == 0 || cost.Seconds < best.Seconds))
                        best = cost;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {megapixels} | {names} | {best.Decode:F3} s | {best.Windows:F2} s | {best.LabelMap:F3} s | {best.LabelMap * 1e9 / width / height:F0} | {best.Mask:F3} s | {best.Seconds:F2} s | {best.Peak / 1000:F0} MB |"));
            }
        Directory.Delete(folder, recursive: true);

        async Task<Cost> LabelAsync(string megapixels, int names)
        {
            var classes = Enumerable.Range(0, names).Select(i => new LabelClass { Name = $"name {i}" }).ToArray();
            var pipeline = new LabelPipeline(engine, Embeddings(names, clip.Config.EmbeddingSize), classes, output, options);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            ResetPeak();
            var finishing = engine.TimeOfLabelMaps;
            var start = Stopwatch.GetTimestamp();
            await foreach (var result in pipeline.RunAsync([new PictureReference($"{megapixels}.jpg", input, $"{megapixels}.jpg")], CancellationToken.None))
            {
                if (result.Timings is not { } times)
                    throw new InvalidOperationException(result.Error);
                var labelMap = (engine.TimeOfLabelMaps - finishing).TotalSeconds;
                return new Cost(
                    Stopwatch.GetElapsedTime(start).TotalSeconds, times.Decode / 1000, times.Segment / 1000 - labelMap, labelMap, times.Encode / 1000, Peak());
            }
            throw new InvalidOperationException("there was no result");
        }
    }

    private static LabelEmbeddings Embeddings(int names, int dimension)
    {
        var random = new Random(names);
        var values = new float[names * dimension];
        for (var name = 0; name < names; name++)
        {
            var row = values.AsSpan(name * dimension, dimension);
            for (var i = 0; i < dimension; i++)
                row[i] = random.NextSingle() - 0.5f;
            System.Numerics.Tensors.TensorPrimitives.Divide(row, System.Numerics.Tensors.TensorPrimitives.Norm<float>(row), row);
        }
        return new LabelEmbeddings { Values = values, Dimension = dimension, ClassOfName = [.. Enumerable.Range(0, names)], ClassCount = names };
    }

    /// <summary>A small photograph side by side with itself, as its generator takes long for a large one.</summary>
    private static byte[] Picture(int width, int height)
    {
        var tile = ImageDecoder.Decode(Photograph.Jpeg(500, 375, 1), ImageLimits.Default);
        var pixels = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x += tile.Width)
                tile.Pixels.AsSpan(y % tile.Height * tile.Width * 3, Math.Min(tile.Width, width - x) * 3).CopyTo(pixels.AsSpan((y * width + x) * 3));
        return Codec.EncodeJpeg(new RgbImage(width, height, pixels), quality: 88, subsampled: true);
    }

    /// <summary>The kernel's high-water mark begins anew.</summary>
    private static void ResetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    /// <summary>The high-water mark in kB.</summary>
    private static double Peak() =>
        double.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1.024;

    private readonly record struct Cost(double Seconds, double Decode, double Windows, double LabelMap, double Mask, double Peak);
}
