using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Sclip.Bench.Doubles;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Scenes;
using Sclip.Segmentation;
using Sclip.Testing;
using Sclip.Testing.Accuracy;

namespace Sclip.Bench;

/// <summary>What labels lose where they are made of kept features, how large those are, and what compressing them would save.</summary>
internal static class FeaturesBench
{
    private const int Width = 448, Height = 336;

    public static void Run(string model, int scenes)
    {
        foreach (var encoding in Enum.GetValues<FeatureEncoding>())
        {
            Write($"{FeatureEncodings.NameOf(encoding)}: pixels that change");
            Write($"    demo pictures          {Share(FewerBits.OfKeptDemo(encoding))}");
            foreach (var golden in Golden.Models)
                Write($"    golden pictures, {golden,-6}{Share(FewerBits.OfKeptGoldenPictures(golden, encoding))}");
            Write($"    {scenes} held-out scenes    {Share(OfScenes(scenes, encoding))}");
            Size(model, encoding);
        }
    }

    private static (long Changed, long All) OfScenes(int count, FeatureEncoding encoding)
    {
        var folder = Path.Combine("models", "demo");
        using var model = ClipModel.Load(Path.Combine(folder, "model"), Environment.ProcessorCount);
        var labels = model.EmbedLabels(LabelSet.Load(Path.Combine(folder, "labels.json")), model.Defaults.Templates!, cacheDirectory: null);
        var options = new SegmentationOptions { Crop = model.Defaults.Crop!.Value, Stride = model.Defaults.Stride!.Value, LogitScale = model.Defaults.LogitScale ?? 40 };
        var (changed, all) = (0L, 0L);
        for (var i = 0; i < count; i++)
        {
            var picture = new SegmentationInput
            {
                Rgb = HeldOutScenes.Draw(i).Rgb,
                Width = HeldOutScenes.Width,
                Height = HeldOutScenes.Height,
                OutputWidth = HeldOutScenes.Width,
                OutputHeight = HeldOutScenes.Height,
            };
            var part = FewerBits.OfKept(model, picture, labels, options, encoding);
            (changed, all) = (changed + part.Changed, all + part.All);
        }
        return (changed, all);
    }

    /// <summary>Of a picture of 4:3 by a model of ViT-B/16's size; its weights are random, but features are dense whatever they mean.</summary>
    private static void Size(string folder, FeatureEncoding encoding)
    {
        using var model = ClipModel.Load(folder, Environment.ProcessorCount);
        using var segmenter = new ManagedSegmenter(model);
        using var labeller = new FeatureLabeller(model);
        var options = new SegmentationOptions();
        var writer = new FeatureWriter(labeller.Describe("picture.jpg", options, segmenter.Precision, 336, encoding, (500, 375), (Width, Height)));
        var labels = new LabelEmbeddings { Values = [1, .. new float[model.Config.EmbeddingSize - 1]], Dimension = model.Config.EmbeddingSize, ClassOfName = [0], ClassCount = 1 };
        segmenter.Segment(
            [new SegmentationInput { Rgb = ImageDecoder.Decode(Photograph.Jpeg(Width, Height, seed: 1), ImageLimits.Default).Pixels, Width = Width, Height = Height, OutputWidth = 500, OutputHeight = 375, Features = writer }], labels, options);
        var file = writer.Finish();
        Write($"    a picture of 500 x 375, ViT-B/16: {file.Length:N0} bytes");
        foreach (var level in (CompressionLevel[])[CompressionLevel.Fastest, CompressionLevel.Optimal])
        {
            var start = Stopwatch.GetTimestamp();
            using var packed = new MemoryStream();
            using (var brotli = new BrotliStream(packed, level, leaveOpen: true))
                brotli.Write(file.Span);
            Write($"        brotli, {level}: {100.0 * packed.Length / file.Length:0.0} %, {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms");
        }
    }

    private static FormattableString Share((long Changed, long All) pixels) => $"{100.0 * pixels.Changed / pixels.All:0.0000} % of {pixels.All:N0}";

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
