using System.Text.Json.Nodes;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>LPOSS against its authors' code.</summary>
public sealed class LpossGoldenTests
{
    private const float Tolerance = 1e-4f;
    private const string Method = "lposs";

    private static JsonNode Manifest { get; } = GoldenSet.Kept.Read($"{Method}/manifest.json");

    /// <summary>Index of the way that windows are cut, backend.</summary>
    public static TheoryData<int, string> Slides => [.. Manifest["slides"]!.AsArray().SelectMany((_, index) => Backends.Names.Select(backend => (index, backend)))];

    [EngineTheory]
    [MemberData(nameof(Slides))]
    public void Label_maps_and_scores_through_the_sliding_window_are_the_authors(int index, string backend)
    {
        using var model = KeptModel.Load(GoldenSet.Kept.PathOf($"{Method}/{Manifest["guide"]}"));
        using var segmenter = Backends.Create(backend, model);
        var (slide, labels) = (Manifest["slides"]![index]!, Labels());
        var (picture, size, step) = (KeptModel.Picture(Manifest["image"]), Golden.Ints(Manifest["original_size"]), Manifest["score_step"]!.GetValue<int>());
        var scores = new ScoreRecorder(labels.ClassCount, size[0], size[1]);
        var input = new SegmentationInput { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputHeight = size[0], OutputWidth = size[1], Scores = scores };
        var result = segmenter.Segment([input], labels, SlidingWindowGoldenTests.Options(slide, Manifest) with { Method = Method }, TestContext.Current.CancellationToken)[0];
        Close.AssertLabels(GoldenSet.Kept.Bytes($"{Method}/{slide["label_map"]}").Values, result.LabelMap, pixel => scores.Margin(pixel), $"{index}");
        Close.Assert(GoldenSet.Kept.Floats($"{Method}/{slide["scores"]}").Values, scores.Every(step), Tolerance, $"{index}");
    }

    /// <summary>Each name is a class.</summary>
    private static LabelEmbeddings Labels()
    {
        var (values, shape) = GoldenSet.Kept.Floats($"{Method}/{Manifest["names"]}");
        return new LabelEmbeddings { Values = values, Dimension = shape[1], ClassOfName = [.. Enumerable.Range(0, shape[0])], ClassCount = shape[0], BackgroundClass = null };
    }
}
