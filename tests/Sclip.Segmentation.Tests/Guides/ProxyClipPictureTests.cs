using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing;
using Sclip.Testing.Accuracy;
using static Sclip.Segmentation.Tests.Guides.GuidedGoldenModel;

namespace Sclip.Segmentation.Tests.Guides;

/// <summary>ProxyCLIP on whole pictures, by golden models and a small guide whose patches are smaller than theirs.</summary>
public sealed class ProxyClipPictureTests : IDisposable
{
    private readonly GuidedGoldenModel _guided = new();

    private GoldenModel Unguided => _guided.Golden;

    private ClipModel Model => _guided.Model;

    public void Dispose() => _guided.Dispose();

    /// <summary>Crops: one that is padded, one that is not, and the whole picture.</summary>
    public static TheoryData<int> Crops => [50, 56, 0];

    /// <summary>The same, and the backend.</summary>
    public static TheoryData<int, string> CropsOfBackends => [.. Crops.SelectMany(crop => Backends.Names.Select(backend => (crop.Data, backend)))];

    [EngineTheory]
    [MemberData(nameof(CropsOfBackends))]
    public void Kept_features_label_as_pixels_do(int crop, string backend)
    {
        using var segmenter = Backends.Create(backend, Model);
        using var labeller = new FeatureLabeller(Model);
        var options = Options(crop);
        var (fromPixels, features) = FewerBits.Keep(segmenter, labeller, Picture(90, 70), Unguided.Labels(), options, FeatureEncoding.Float16);
        Assert.Equal((FakeGuide.Patch, Model.Guide!.Fingerprint, crop == 0 ? null : (int?)56), (features.Header.Patch, features.Header.Guide, features.Header.Padding));
        var fromFeatures = labeller.Label(features, Picture(90, 70), Unguided.Labels(), options, TestContext.Current.CancellationToken);
        Assert.InRange(fromPixels.LabelMap.Zip(fromFeatures.LabelMap).Count(pair => pair.First != pair.Second), 0, fromPixels.LabelMap.Length / 100);
    }

    [Fact]
    public void Features_of_another_guide_are_not_taken()
    {
        using var labeller = new FeatureLabeller(Model);
        var header = labeller.Describe("a.png", Options(56), EnginePrecision.Float32, 0, FeatureEncoding.Float16, (90, 70), (90, 70));
        Assert.Null(header.DifferenceTo(header));
        Assert.Contains("computed with guide", header.DifferenceTo(header with { Guide = "0123" })!, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Crops))]
    public void Beside_other_methods_it_gives_what_it_gives_alone(int crop)
    {
        using var segmenter = new ManagedSegmenter(Model);
        var configurations = new[] { "sclip", "proxyclip", "clip" }.Select(method => Options(crop) with { Method = method, Batch = 2 }).ToArray();
        // Of two pictures the windows of one alone may be padded.
        SegmentationInput[] pictures = [Picture(90, 70), Picture(56, 56), Picture(40, 90)];
        var together = segmenter.SegmentWithEach(pictures, Unguided.Labels(), configurations, TestContext.Current.CancellationToken);
        foreach (var (configuration, results) in configurations.Zip(together))
            foreach (var (alone, result) in segmenter.Segment(pictures, Unguided.Labels(), configuration, TestContext.Current.CancellationToken).Zip(results))
                Assert.Equal(alone.LabelMap, result.LabelMap);
    }

    [Fact]
    public void What_becomes_of_a_window_does_not_hang_on_those_beside_it()
    {
        using var segmenter = new ManagedSegmenter(Model);
        // The windows of the middle one alone are padded.
        (int Width, int Height)[] sizes = [(56, 56), (50, 50), (57, 56)];
        var (alone, together) = (Features(1), Features(8));
        for (var i = 0; i < sizes.Length; i++)
            Assert.Equal(alone[i], together[i]);

        float[][] Features(int batch)
        {
            Recorder[] sinks = [.. sizes.Select(_ => new Recorder())];
            segmenter.Segment([.. sizes.Zip(sinks, (size, sink) => Picture(size.Width, size.Height, features: sink))], Unguided.Labels(), Options(56) with { Batch = batch }, TestContext.Current.CancellationToken);
            return [.. sinks.Select(sink => sink.Values.ToArray())];
        }
    }

    [Fact]
    public void Padding_puts_the_picture_in_the_middle()
    {
        // A window of 50 pixels is the middle of one of 56 whose border has the mean colour, but for what rounds to levels.
        using var segmenter = new ManagedSegmenter(Model);
        var small = Picture(50, 50);
        var padded = new byte[56 * 56 * 3];
        for (var i = 0; i < padded.Length; i++)
            padded[i] = (byte)Math.Round(-Model.Normalisation.Offset(i % 3) / Model.Normalisation.Factor(i % 3));
        for (var y = 0; y < 50; y++)
            small.Rgb.Span.Slice(y * 150, 150).CopyTo(padded.AsSpan(((y + 3) * 56 + 3) * 3));
        var large = new SegmentationInput { Rgb = padded, Width = 56, Height = 56, OutputWidth = 56, OutputHeight = 56 };
        var labels = Segment(small, 56);
        var whole = Segment(large, 56);
        var differing = Enumerable.Range(0, 2500).Count(i => labels[i] != whole[(i / 50 + 3) * 56 + i % 50 + 3]);
        Assert.InRange(differing, 0, 50);

        ushort[] Segment(SegmentationInput picture, int crop) => segmenter.Segment([picture], Unguided.Labels(), Options(crop), TestContext.Current.CancellationToken)[0].LabelMap;
    }

    [Fact]
    public void Where_all_patches_are_alike_none_is_left_out()
    {
        // Without positions, patches of one colour have one feature, and beta times the mean of their cosines is beyond every one.
        var guide = new FakeGuide("dinov2").Fill();
        Array.Clear(guide.Tensors["embeddings.position_embeddings"].Values);
        guide.WriteTo(_guided.Folder["flat"]);
        using var model = ClipModel.Load(Golden.ModelDirectory(Name), threads: 2, guide: _guided.Folder["flat"]);
        using var segmenter = new ManagedSegmenter(model);
        var grey = new SegmentationInput { Rgb = Enumerable.Repeat((byte)128, 56 * 56 * 3).ToArray(), Width = 56, Height = 56, OutputWidth = 56, OutputHeight = 56 };
        var attention = segmenter.Attention(grey, 3, 3, Unguided.Labels(), ["proxyclip"], Options(56), TestContext.Current.CancellationToken)[0];
        Assert.All(attention.Weights, weight => Assert.Equal(1f / (14 * 14), weight, 1e-6f));
        Assert.True(double.IsFinite(segmenter.Segment([grey], Unguided.Labels(), Options(56), TestContext.Current.CancellationToken)[0].MeanConfidence));
    }

    [Fact]
    public void Where_a_patch_looks_is_told_on_the_guide_s_grid()
    {
        using var segmenter = new ManagedSegmenter(Model);
        var byMethod = segmenter.Attention(Picture(90, 70), 45, 35, Unguided.Labels(), ["sclip", "proxyclip"], Options(56), TestContext.Current.CancellationToken);
        Assert.Equal((14, 14, 0f), (byMethod[1].GridHeight, byMethod[1].GridWidth, byMethod[1].ClassToken));
        Assert.Equal(1, byMethod[1].Weights.Sum(), 1e-4f);
        // No patch is more alike to it than it is itself.
        Assert.Equal(byMethod[1].Weights.Max(), byMethod[1].Weights[byMethod[1].Patch]);
    }

    [Fact]
    public void Without_its_guide_it_is_refused()
    {
        using var segmenter = new ManagedSegmenter(Unguided.Clip);
        var error = Assert.Throws<SegmentationException>(() => segmenter.Segment([Picture(56, 56)], Unguided.Labels(), Options(56), TestContext.Current.CancellationToken));
        Assert.Contains("needs a guide", error.Message, StringComparison.Ordinal);
    }

    private sealed class Recorder : IFeatureSink
    {
        public List<float> Values { get; } = [];

        public void Write(int window, int gridHeight, int gridWidth, ReadOnlySpan<float> features) => Values.AddRange(features);
    }

    private static SegmentationOptions Options(int crop) => new() { Method = "proxyclip", Crop = crop, Stride = Math.Max(1, crop / 2) };
}
