using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Vision;

namespace Sclip.Testing.Accuracy;

/// <summary>What the managed engine's results lose by a kernel of fewer bits than fp32: label maps by label maps, features by the golden ones.</summary>
internal static unsafe class FewerBits
{
    /// <summary>Pixels that get another label, and all, of the pictures of the demo.</summary>
    public static (long Changed, long All) OfDemo(GemmKernel kernel)
    {
        var folder = Path.Combine(Repository.Root, "models", "demo");
        using var exact = Load(Path.Combine(folder, "model"), GemmKernel.Best);
        using var rounded = Load(Path.Combine(folder, "model"), kernel);
        var labels = LabelSet.Load(Path.Combine(folder, "labels.json"));
        var options = new SegmentationOptions { Crop = exact.Defaults.Crop ?? 224, Stride = exact.Defaults.Stride ?? 112, LogitScale = exact.Defaults.LogitScale ?? 40 };
        var inputs = Directory.GetFiles(Path.Combine(folder, "pictures"), "*.png").Order(StringComparer.Ordinal).Select(path => Input(path)).ToArray();
        return Compare(Maps(exact), Maps(rounded));

        ushort[] Maps(ClipModel model)
        {
            using var segmenter = new ManagedSegmenter(model);
            return [.. segmenter.Segment(inputs, model.EmbedLabels(labels, model.Defaults.Templates ?? PromptTemplates.ImageNet, cacheDirectory: null), options).SelectMany(result => result.LabelMap)];
        }
    }

    /// <summary>Pixels that get another label, and all, of a golden model's pictures with all their settings.</summary>
    public static (long Changed, long All) OfGoldenPictures(string name, GemmKernel kernel)
    {
        using var exact = Load(Golden.ModelDirectory(name), GemmKernel.Best);
        using var rounded = Load(Golden.ModelDirectory(name), kernel);
        return Compare(Maps(exact), Maps(rounded));

        ushort[] Maps(ClipModel model)
        {
            using var segmenter = new ManagedSegmenter(model);
            var labels = model.EmbedLabels(Labels(name), PromptTemplates.ImageNet, cacheDirectory: null);
            return [.. Node(name)["slide"]!.AsArray().SelectMany(picture => picture!["outputs"]!.AsArray().SelectMany(output => segmenter.Segment([Input(picture!)], labels, Options(picture!, output!))[0].LabelMap))];
        }
    }

    /// <summary>Pixels of the demo's pictures that get another label from kept features than from pixels, and all.</summary>
    public static (long Changed, long All) OfKeptDemo(FeatureEncoding encoding)
    {
        var folder = Path.Combine(Repository.Root, "models", "demo");
        using var model = Load(Path.Combine(folder, "model"), GemmKernel.Best);
        var labels = model.EmbedLabels(LabelSet.Load(Path.Combine(folder, "labels.json")), model.Defaults.Templates ?? PromptTemplates.ImageNet, cacheDirectory: null);
        var options = new SegmentationOptions { Crop = model.Defaults.Crop ?? 224, Stride = model.Defaults.Stride ?? 112, LogitScale = model.Defaults.LogitScale ?? 40 };
        return Sum(Directory.GetFiles(Path.Combine(folder, "pictures"), "*.png").Select(path => OfKept(model, Input(path), labels, options, encoding)));
    }

    /// <summary>The same of a golden model's pictures with all their settings.</summary>
    public static (long Changed, long All) OfKeptGoldenPictures(string name, FeatureEncoding encoding)
    {
        using var model = Load(Golden.ModelDirectory(name), GemmKernel.Best);
        var labels = model.EmbedLabels(Labels(name), PromptTemplates.ImageNet, cacheDirectory: null);
        return Sum(Node(name)["slide"]!.AsArray().SelectMany(picture => picture!["outputs"]!.AsArray().Select(output => OfKept(model, Input(picture), labels, Options(picture, output!), encoding))));
    }

    /// <summary>The same of one picture.</summary>
    public static (long Changed, long All) OfKept(ClipModel model, SegmentationInput picture, LabelEmbeddings labels, SegmentationOptions options, FeatureEncoding encoding)
    {
        using var segmenter = new ManagedSegmenter(model);
        using var labeller = new FeatureLabeller(model);
        var (result, features) = Keep(segmenter, labeller, picture, labels, options, encoding);
        return Compare(result.LabelMap, labeller.Label(features, picture, labels, options).LabelMap);
    }

    /// <summary>Labels a picture, which is not resized, and keeps its features.</summary>
    public static (SegmentationResult Result, FeatureFile Features) Keep(
        ISegmenter segmenter, FeatureLabeller labeller, SegmentationInput picture, LabelEmbeddings labels, SegmentationOptions options, FeatureEncoding encoding)
    {
        var writer = new FeatureWriter(labeller.Describe("picture.jpg", options, segmenter.Precision, 0, encoding, (picture.OutputWidth, picture.OutputHeight), (picture.Width, picture.Height)));
        var keeping = new SegmentationInput
        {
            Rgb = picture.Rgb,
            Width = picture.Width,
            Height = picture.Height,
            OutputWidth = picture.OutputWidth,
            OutputHeight = picture.OutputHeight,
            Features = writer,
        };
        var result = segmenter.Segment([keeping], labels, options)[0];
        return (result, FeatureFile.Parse(writer.Finish()));
    }

    /// <summary>The length of the difference of a token's features from the golden ones, by their length: for each token of each picture and method.</summary>
    public static IEnumerable<double> OfGoldenFeatures(string name, GemmKernel kernel)
    {
        using var model = Load(Golden.ModelDirectory(name), kernel);
        var errors = new List<double>();
        foreach (var picture in Node(name)["vision"]!.AsArray())
        {
            var image = Picture(Golden.PathOf(picture!["image"]!.GetValue<string>()));
            // Others' projections stand in files of their own.
            foreach (var (method, file) in picture["features"]!.AsObject().Where(feature => !feature.Key.Contains("projection") && !feature.Key.Contains("random")))
            {
                var (expected, shape) = Golden.Floats(file);
                var features = model.Vision.Forward(
                    new PixelWindow[] { new(image.Pixels, image.Width, 0, 0, image.Height, image.Width) }, (ILastBlockMethod)DenseMethods.Create(method, model.Config), CancellationToken.None);
                for (var token = 0; token < expected.Length / shape[^1]; token++)
                {
                    var (error, size) = (0.0, 0.0);
                    for (var i = token * shape[^1]; i < (token + 1) * shape[^1]; i++)
                        (error, size) = (error + Math.Pow(features[i] - expected[i], 2), size + Math.Pow(expected[i], 2));
                    errors.Add(Math.Sqrt(error / size));
                }
            }
        }
        return errors;
    }

    public static ClipModel Load(string folder, GemmKernel kernel) => ClipModel.Load(folder, Environment.ProcessorCount, packVision: true, kernel);

    private static (long Changed, long All) Compare(ushort[] exact, ushort[] rounded) => (exact.Zip(rounded).LongCount(pair => pair.First != pair.Second), exact.Length);

    private static (long Changed, long All) Sum(IEnumerable<(long Changed, long All)> parts) => parts.Aggregate((sum, part) => (sum.Changed + part.Changed, sum.All + part.All));

    private static JsonNode Node(string name) => Golden.Manifest["models"]![name]!;

    private static LabelSet Labels(string name)
    {
        var node = Node(name)["label_embeddings"]!;
        var classes = Golden.Strings(node["names"]).Zip(Golden.Ints(node["class_of_name"])).GroupBy(pair => pair.Second, pair => pair.First);
        return LabelSet.Of(classes.Select(names => new LabelClass { Name = names.First(), Synonyms = [.. names.Skip(1)], Background = names.Key == 0 }));
    }

    private static RgbImage Picture(string path) => ImageDecoder.Decode(File.ReadAllBytes(path), ImageLimits.Default);

    private static SegmentationInput Input(JsonNode picture) => Input(Golden.PathOf(picture["image"]!.GetValue<string>()), Golden.Ints(picture["original_size"]));

    private static SegmentationInput Input(string path, int[]? size = null)
    {
        var picture = Picture(path);
        return new SegmentationInput { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputHeight = size?[0] ?? picture.Height, OutputWidth = size?[1] ?? picture.Width };
    }

    private static SegmentationOptions Options(JsonNode picture, JsonNode output) => new()
    {
        Crop = picture["crop"]!.GetValue<int>(),
        Stride = Math.Max(1, picture["stride"]?.GetValue<int>() ?? 1),
        LogitScale = output["logit_scale"]!.GetValue<double>(),
        ProbabilityThreshold = output["prob_threshold"]?.GetValue<double>() ?? 0,
        AreaThreshold = output["area_threshold"]?.GetValue<double>(),
    };
}
