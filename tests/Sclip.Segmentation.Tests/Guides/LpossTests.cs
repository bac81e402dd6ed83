using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing.Accuracy;
using static Sclip.Segmentation.Tests.Guides.GuidedGoldenModel;

namespace Sclip.Segmentation.Tests.Guides;

/// <summary>LPOSS on whole pictures, by a golden model and a small guide.</summary>
public sealed class LpossTests : IDisposable
{
    private readonly GuidedGoldenModel _guided = new();

    private GoldenModel Unguided => _guided.Golden;

    private ClipModel Model => _guided.Model;

    public void Dispose() => _guided.Dispose();

    /// <summary>Crop, backend.</summary>
    public static TheoryData<int, string> Crops => [.. new[] { 48, 0 }.SelectMany(crop => Backends.Names.Select(backend => (crop, backend)))];

    [EngineTheory]
    [MemberData(nameof(Crops))]
    public void Its_labels_are_those_of_the_managed_engine_but_for_near_ties(int crop, string backend)
    {
        using var segmenter = Backends.Create(backend, Model);
        using var managed = new ManagedSegmenter(Model);
        SegmentationInput[] pictures = [Picture(90, 70), Picture(64, 64), Picture(50, 80)];
        var expected = managed.Segment(pictures, Unguided.Labels(), Options(crop) with { Batch = 1 }, TestContext.Current.CancellationToken);
        foreach (var (one, other) in expected.Zip(segmenter.Segment(pictures, Unguided.Labels(), Options(crop), TestContext.Current.CancellationToken)))
            Assert.InRange(one.LabelMap.Zip(other.LabelMap).Count(pair => pair.First != pair.Second), 0, one.LabelMap.Length / 500);
    }

    [Theory]
    [InlineData(48)]
    [InlineData(0)]
    public void It_labels_pictures_the_same_in_whatever_batches_their_windows_come(int crop)
    {
        using var segmenter = new ManagedSegmenter(Model);
        SegmentationInput[] pictures = [Picture(90, 70), Picture(64, 64), Picture(50, 80)];
        var one = Segment(1);
        var five = Segment(5);
        foreach (var (a, b) in one.Zip(five))
        {
            Assert.Equal(a.LabelMap, b.LabelMap);
            Assert.Equal(a.LabelMap.Length, a.PixelCounts.Sum());
        }
        Assert.NotEqual(one[0].LabelMap, segmenter.Segment(pictures, Unguided.Labels(), Options(crop) with { Method = "maskclip" }, TestContext.Current.CancellationToken)[0].LabelMap);

        IReadOnlyList<SegmentationResult> Segment(int batch) => segmenter.Segment(pictures, Unguided.Labels(), Options(crop) with { Batch = batch }, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("maskclip", false)]
    [InlineData("lposs", true)]
    public void What_one_window_sees_changes_the_scores_in_another(string method, bool changes)
    {
        using var segmenter = new ManagedSegmenter(Model);
        var left = Picture(48, 48);
        var (alone, together) = (Scores(left), Scores(Beside(left, Picture(48, 48, seed: 9))));
        Assert.Equal(changes, Enumerable.Range(0, 48 * 48).Any(i => MathF.Abs(alone.Margin(i, 0) - together.Margin(i / 48 * 96 + i % 48, 0)) > 1e-5f));

        ScoreRecorder Scores(SegmentationInput picture)
        {
            var scores = new ScoreRecorder(Unguided.Labels().ClassCount, picture.Height, picture.Width);
            var input = new SegmentationInput { Rgb = picture.Rgb, Width = picture.Width, Height = picture.Height, OutputWidth = picture.Width, OutputHeight = picture.Height, Scores = scores };
            segmenter.Segment([input], Unguided.Labels(), Options(48) with { Method = method, Stride = 48 }, TestContext.Current.CancellationToken);
            return scores;
        }
    }

    [Fact]
    public void Its_features_are_not_kept_and_a_patch_looks_at_itself()
    {
        using var segmenter = new ManagedSegmenter(Model);
        using var labeller = new FeatureLabeller(Model);
        Assert.Throws<SegmentationException>(() => FewerBits.Keep(segmenter, labeller, Picture(90, 70), Unguided.Labels(), Options(48), FeatureEncoding.Float16));
        var attention = segmenter.Attention(Picture(90, 70), 45, 35, Unguided.Labels(), ["lposs"], Options(48), TestContext.Current.CancellationToken)[0];
        Assert.Equal(1, attention.Weights[attention.Patch]);
    }

    private static SegmentationOptions Options(int crop) => new() { Method = "lposs", Crop = crop, Stride = Math.Max(1, crop / 2) };

    private static SegmentationInput Beside(SegmentationInput left, SegmentationInput right)
    {
        var (width, rgb) = (left.Width + right.Width, new List<byte>());
        for (var y = 0; y < left.Height; y++)
            rgb.AddRange([.. left.Rgb.Span.Slice(y * left.Width * 3, left.Width * 3), .. right.Rgb.Span.Slice(y * right.Width * 3, right.Width * 3)]);
        return new SegmentationInput { Rgb = rgb.ToArray(), Width = width, Height = left.Height, OutputWidth = width, OutputHeight = left.Height };
    }
}
