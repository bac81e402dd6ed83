using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Guides;
using Sclip.Segmentation.Vision;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>ProxyCLIP and its guide against their authors' code.</summary>
public sealed class ProxyClipGoldenTests
{
    private const float Tolerance = 1e-4f;

    private static JsonNode Manifest { get; } = GoldenSet.Successors.Read("manifest.json");

    /// <summary>Model, index of the picture.</summary>
    public static TheoryData<string, int> Pictures =>
        [.. Of("vision").SelectMany(item => item.Node.AsArray().Select((_, index) => (item.Model, index)))];

    /// <summary>Models that are guided, backend.</summary>
    public static TheoryData<string, string> Models => [.. Of("slide").SelectMany(item => Backends.Names.Select(backend => (item.Model, backend)))];

    [Theory]
    [MemberData(nameof(Pictures))]
    public void The_guide_s_features_are_the_authors(string name, int index)
    {
        using var model = Load(name);
        var node = Proxy(name)["vision"]![index]!;
        var (expected, shape) = GoldenSet.Successors.Floats(node["guide_features"]);
        var actual = Run(model, Picture(name, node), window => window.GuideFeatures().Patches);
        Assert.Equal(shape[0], actual.Columns);
        // There channels come first.
        var (channels, patches) = (shape[0], shape[1] * shape[2]);
        var turned = new float[expected.Length];
        for (var i = 0; i < expected.Length; i++)
            turned[i % patches * channels + i / patches] = expected[i];
        Close.Assert(turned, actual.Values, Tolerance, $"{name} {index}");
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Dense_features_are_the_authors(string name, int index)
    {
        using var model = Load(name);
        var node = Proxy(name)["vision"]![index]!;
        var (expected, _) = GoldenSet.Successors.Floats(node["features"]);
        var actual = Run(model, Picture(name, node), window => new ProxyClip().Features(window).Patches);
        Close.Assert(expected, actual.Values, Tolerance, $"{name} {index}");
    }

    [EngineTheory]
    [MemberData(nameof(Models))]
    public void Label_maps_through_the_sliding_window_are_the_authors(string name, string backend)
    {
        using var model = Load(name);
        using var segmenter = Backends.Create(backend, model);
        var (node, slide, labels) = (Proxy(name)["slide"]!, Manifest["models"]![name]!["slide"]!, SuccessorGoldenTests.Labels(name));
        var (picture, size) = (SuccessorGoldenTests.Picture(slide["image"]), Golden.Ints(slide["original_size"]));
        foreach (var output in node["outputs"]!.AsArray())
        {
            var scores = new ScoreRecorder(labels.ClassCount, size[0], size[1]);
            var input = new SegmentationInput { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputHeight = size[0], OutputWidth = size[1], Scores = scores };
            var options = SlidingWindowGoldenTests.Options(node, output!) with { Method = "proxyclip" };
            var result = segmenter.Segment([input], labels, options, TestContext.Current.CancellationToken)[0];
            Close.AssertLabels(GoldenSet.Successors.Bytes(output!["label_map"]).Values, result.LabelMap, pixel => scores.Margin(pixel, output["prob_threshold"]!.GetValue<float>()), name);
        }
    }

    private static JsonNode Proxy(string model) => Manifest["models"]![model]!["proxyclip"]!;

    private static IEnumerable<(string Model, JsonNode Node)> Of(string part) =>
        Manifest["models"]!.AsObject().Where(model => model.Value!["proxyclip"] is not null).Select(model => (model.Key, model.Value!["proxyclip"]![part]!));

    private static ClipModel Load(string name) =>
        ClipModel.Load(GoldenSet.Successors.PathOf($"models/{name}"), threads: 2, guide: GoldenSet.Successors.PathOf(Proxy(name)["dino"]!.GetValue<string>()));

    /// <summary>The picture of a case: the one of its size.</summary>
    private static RgbImage Picture(string name, JsonNode node)
    {
        var size = node["size"]!.ToJsonString();
        var image = Manifest["models"]![name]!["vision"]!.AsArray().First(picture => picture!["size"]!.ToJsonString() == size)!["image"]!;
        return SuccessorGoldenTests.Picture(image);
    }

    /// <summary>What is made of a picture as one window.</summary>
    private static (float[] Values, int Columns) Run(ClipModel model, RgbImage picture, Func<WindowTower, Matrix> work)
    {
        PixelWindow[] windows = [GoldenModel.Whole(picture)];
        using var guide = new GuideTransformer(model.Guide!, model.Normalisation, new ManagedLayers());
        var batch = TokenBatch.Of(windows, PatchCut.Whole(model.Config.PatchSize));
        var result = (Array.Empty<float>(), 0);
        model.Vision.ForWindows(batch, model.Vision.Outputs(windows, batch, new ProxyClip().Outputs(model.Config.Vision.Layers), CancellationToken.None), (_, blocks, outputOf) =>
        {
            var made = work(new WindowTower(blocks, model.Config, new(picture.Height, picture.Width), outputOf, () => model.Normalisation.Planes(windows[0])) { Guide = guide });
            result = (made.ToArray(), made.Columns);
        });
        return result;
    }
}
