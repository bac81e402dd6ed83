using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Vision;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>Every method that a manifest of successors names, against its authors' code.</summary>
public sealed unsafe class SuccessorGoldenTests
{
    // E is rounded to half precision there: a last bit moves one of its steps.
    private const float Usual = 1e-4f, OfHalfPrecision = 2e-4f;

    internal static JsonNode Manifest { get; } = GoldenSet.Successors.Read("manifest.json");

    /// <summary>Model, index of the picture, method, backend.</summary>
    public static TheoryData<string, int, string, string> Pictures
    {
        get
        {
            var data = new TheoryData<string, int, string, string>();
            foreach (var (model, node) in Manifest["models"]!.AsObject())
                foreach (var (index, picture) in node!["vision"]!.AsArray().Index())
                    foreach (var (method, _) in picture!["features"]!.AsObject())
                        if (HoldsFor(method, Golden.Ints(picture["grid"])))
                            foreach (var backend in Backends.Names)
                                data.Add(model, index, method, backend);
            return data;
        }
    }

    /// <summary>Model, method, backend.</summary>
    public static TheoryData<string, string, string> Slides =>
        [.. from model in Manifest["models"]!.AsObject()
            from method in model.Value!["slide"]!["methods"]!.AsObject()
            where HoldsFor(method.Key, WindowOf(model.Value["slide"]!))
            from backend in Backends.Names
            select (model.Key, method.Key, backend)];

    [EngineTheory]
    [MemberData(nameof(Pictures))]
    public void Dense_features_are_the_authors(string name, int index, string method, string backend)
    {
        using var model = Load(name);
        var node = Manifest["models"]![name]!["vision"]![index]!;
        var (expected, shape) = GoldenSet.Successors.Floats(node["features"]![method]);
        var picture = Picture(node["image"]);
        var actual = backend == Backends.Managed
            ? Features(model, picture, DenseMethods.Create(method, model.Config), Labels(name))
            : Torch.TorchFeatures.Of(model, picture, DenseMethods.Create(method, model.Config), Labels(name), backend);
        // Of some methods the patches alone are given.
        Close.Assert(expected, actual.AsSpan(actual.Length - shape[0] * shape[1]), method.StartsWith("resclip", StringComparison.Ordinal) ? OfHalfPrecision : Usual, $"{name} {index} {method}");
    }

    [EngineTheory]
    [MemberData(nameof(Slides))]
    public void Label_maps_through_the_sliding_window_are_the_authors(string name, string method, string backend)
    {
        using var model = Load(name);
        using var segmenter = Backends.Create(backend, model);
        var (node, labels) = (Manifest["models"]![name]!["slide"]!, Labels(name));
        var (picture, size) = (Picture(node["image"]), Golden.Ints(node["original_size"]));
        foreach (var output in node["methods"]![method]!["outputs"]!.AsArray())
        {
            var scores = new ScoreRecorder(labels.ClassCount, size[0], size[1]);
            var input = new SegmentationInput { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputHeight = size[0], OutputWidth = size[1], Scores = scores };
            var options = SlidingWindowGoldenTests.Options(node, output!) with { Method = method };
            var result = segmenter.Segment([input], labels, options, TestContext.Current.CancellationToken)[0];
            Close.AssertLabels(GoldenSet.Successors.Bytes(output!["label_map"]).Values, result.LabelMap, pixel => scores.Margin(pixel, output["prob_threshold"]!.GetValue<float>()), $"{name} {method}");
        }
    }

    /// <summary>
    /// SC-CLIP's authors find the row of a patch by the number of rows instead of their length: where windows are not square they repair other patches than they
    /// mean to.
    /// </summary>
    private static bool HoldsFor(string method, int[] size) => method != "sc-clip" || size[0] == size[1];

    /// <summary>Height and width of the first window over a picture.</summary>
    private static int[] WindowOf(JsonNode slide) =>
        [.. Golden.Ints(slide["size"]).Select(side => slide["crop"]!.GetValue<int>() is > 0 and var crop ? Math.Min(side, crop) : side)];

    internal static ClipModel Load(string name) => ClipModel.Load(GoldenSet.Successors.PathOf($"models/{name}"), threads: 2);

    internal static RgbImage Picture(JsonNode? relative) => ImageDecoder.Decode(File.ReadAllBytes(GoldenSet.Successors.PathOf(relative!.GetValue<string>())), ImageLimits.Default);

    internal static LabelEmbeddings Labels(string name)
    {
        var node = Manifest["models"]![name]!["label_embeddings"]!;
        var (values, shape) = GoldenSet.Successors.Floats(node["embeddings"]);
        var classes = Golden.Ints(node["class_of_name"]);
        return new LabelEmbeddings { Values = values, Dimension = shape[1], ClassOfName = classes, ClassCount = classes.Max() + 1, BackgroundClass = 0 };
    }

    /// <summary>CLS where the method has it, then the patches, <c>[tokens, dimension]</c>.</summary>
    internal static float[] Features(ClipModel model, RgbImage picture, IDenseMethod method, LabelEmbeddings labels)
    {
        PixelWindow[] windows = [GoldenModel.Whole(picture)];
        var batch = TokenBatch.Of(windows, PatchCut.Whole(model.Config.PatchSize), method.Positions);
        if (method is ILastBlockMethod attention)
            return new Span<float>(model.Vision.Forward(windows, attention, CancellationToken.None), batch.Rows * model.Config.EmbeddingSize).ToArray();
        var features = Array.Empty<float>();
        var over = (IWindowMethod)method;
        model.Vision.ForWindows(batch, model.Vision.Outputs(windows, batch, method.Outputs(model.Config.Vision.Layers), CancellationToken.None), (_, blocks, outputOf) =>
        {
            var window = new WindowTower(blocks, model.Config, new(picture.Height, picture.Width), outputOf, () => model.Normalisation.Planes(windows[0]))
            {
                Positions = method.Positions,
                GivenNames = blocks.Algebra.From(labels.Values, labels.ClassOfName.Length, labels.Dimension),
            };
            var found = over.Features(window);
            features = [.. found.ClassToken?.ToArray() ?? [], .. found.Patches.ToArray()];
        });
        return features;
    }
}
