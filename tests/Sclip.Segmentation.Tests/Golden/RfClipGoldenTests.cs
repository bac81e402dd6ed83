using System.Text.Json.Nodes;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.TorchSharp;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>RF-CLIP against its authors' code, by the channels that the numbers were made with.</summary>
public sealed class RfClipGoldenTests
{
    private const float Tolerance = 1e-4f;
    private const string Method = "rf-clip";

    private static JsonNode Manifest { get; } = GoldenSet.Kept.Read($"{Method}/manifest.json");

    /// <summary>Index of the picture, backend.</summary>
    public static TheoryData<int, string> Pictures => [.. Manifest["pictures"]!.AsArray().SelectMany((_, index) => Backends.Names.Select(backend => (index, backend)))];

    /// <summary>The engines.</summary>
    public static TheoryData<string> Engines => [.. Backends.Names];

    [EngineTheory]
    [MemberData(nameof(Pictures))]
    public void Dense_features_and_CLS_are_the_authors(int index, string backend)
    {
        using var model = KeptModel.Load();
        var node = Manifest["pictures"]![index]!;
        var (picture, labels) = (KeptModel.Picture(node["image"]), KeptModel.Labels());
        var actual = backend == Backends.Managed
            ? SuccessorGoldenTests.Features(model, picture, Create(), labels)
            : Torch.TorchFeatures.Of(model, picture, Create(), labels, backend);
        Close.Assert(Floats(node["features"]).Values, actual, Tolerance, $"{index}");
    }

    [Fact]
    public void Clusters_and_moved_names_are_the_authors()
    {
        using var model = KeptModel.Load();
        var labels = KeptModel.Labels();
        var clusterOfName = Golden.Ints(Manifest["clusters"]);
        using var algebra = new ManagedAlgebra(model.Threads);
        var (method, names) = (Create(), algebra.From(labels.Values, labels.ClassOfName.Length, labels.Dimension));
        var expected = Enumerable.Range(0, clusterOfName.Length).GroupBy(name => clusterOfName[name]).Select(cluster => cluster.ToArray()).OrderBy(cluster => cluster[0]);
        Assert.Equal(expected, method.Clusters(names));
        foreach (var node in Manifest["pictures"]!.AsArray())
        {
            var (features, shape) = Floats(node!["features"]);
            var tokens = algebra.From(features, shape[0], shape[1]).UnitRows();
            var prompts = method.Prompts(names, tokens.RowsFrom(1), tokens.RowRange(0, 1).TimesTransposed(names));
            Close.Assert(Floats(node["prompts"]).Values, prompts.ToArray(), 1e-6f, node["image"]!.GetValue<string>());
        }
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void Label_maps_through_the_sliding_window_are_the_authors(string backend)
    {
        using var model = KeptModel.Load();
        using var segmenter = Backends.Create(backend, model);
        Use(segmenter);
        var (slide, labels) = (Manifest["slide"]!, KeptModel.Labels());
        var (picture, size, step) = (KeptModel.Picture(slide["image"]), Golden.Ints(slide["original_size"]), slide["score_step"]!.GetValue<int>());
        foreach (var output in slide["outputs"]!.AsArray())
        {
            var scores = new ScoreRecorder(labels.ClassCount, size[0], size[1]);
            var input = new SegmentationInput { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputHeight = size[0], OutputWidth = size[1], Scores = scores };
            var options = SlidingWindowGoldenTests.Options(slide, output!) with { Method = Method };
            var result = segmenter.Segment([input], labels, options, TestContext.Current.CancellationToken)[0];
            Close.AssertLabels(GoldenSet.Kept.Bytes($"{Method}/{output!["label_map"]}").Values, result.LabelMap, pixel => scores.Margin(pixel, output["prob_threshold"]!.GetValue<float>()), Method);
            Close.Assert(Floats(output["scores"]).Values, scores.Every(step), Tolerance, Method);
        }
    }

    private static (float[] Values, int[] Shape) Floats(JsonNode? name) => GoldenSet.Kept.Floats($"{Method}/{name}");

    private static RfClip Create() => new(Golden.Ints(Manifest["channels"]), Manifest["share"]!.GetValue<float>());

    private static void Use(ISegmenter segmenter)
    {
        if (segmenter is ManagedSegmenter managed)
            managed.Use(Method, Create());
        else
            ((TorchSegmenter)segmenter).Use(Method, Create());
    }
}
