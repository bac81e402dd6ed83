using Sclip.Labels;
using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.PostProcessing;

/// <summary>The doubt of pixels, classes and pictures against a plain computation on all class scores.</summary>
public sealed class DoubtTests : IDisposable
{
    private const int Height = 60, Width = 50;
    private static readonly SegmentationOptions Options = new() { Crop = 64, Stride = 32, Batch = 3 };
    private readonly GoldenModel _model = new(Golden.Models.First());

    public static TheoryData<string, int, double?, double> Configurations
    {
        get
        {
            var configurations = new TheoryData<string, int, double?, double>();
            foreach (var engine in Backends.Names)
            {
                configurations.Add(engine, 0, null, 0);
                configurations.Add(engine, 3, null, 0);
                configurations.Add(engine, 0, 0.25, 0);
                configurations.Add(engine, 3, 0.25, 0);
                configurations.Add(engine, 0, null, 0.4);
            }
            return configurations;
        }
    }

    public void Dispose() => _model.Dispose();

    [EngineTheory]
    [MemberData(nameof(Configurations))]
    public void It_is_that_of_the_best_class_against_the_next_whatever_thresholds_do(string engine, int pamrSteps, double? area, double probability)
    {
        var labels = _model.Labels();
        var options = Options with { PamrSteps = pamrSteps, PamrDilations = [1, 2] };
        var (plain, scores) = Segment(engine, labels, options);
        var (result, _) = Segment(engine, labels, options with { AreaThreshold = area, ProbabilityThreshold = probability });
        var expected = new double[Height * Width];
        for (var pixel = 0; pixel < expected.Length; pixel++)
        {
            var sorted = Enumerable.Range(0, labels.ClassCount).Select(label => scores[label * Height * Width + pixel]).OrderDescending().ToArray();
            // A class that the area threshold took away is no class to be sure of.
            expected[pixel] = area is not null && result.LabelMap[pixel] != plain.LabelMap[pixel] ? 1 : 2 / (1 + Math.Pow(sorted[0] / sorted[1], 0.25));
        }
        Assert.Equal(expected.Average(), result.Doubt, 1e-4);
        Assert.All(expected.Index(), pixel => Assert.InRange(result.DoubtMap![pixel.Index] / 255.0, pixel.Item - 0.003, pixel.Item + 0.003));
        for (var label = 0; label < labels.ClassCount; label++)
            Assert.Equal(result.PixelCounts[label] == 0 ? 0 : expected.Where((_, pixel) => result.LabelMap[pixel] == label).Average(), result.ClassDoubts[label], 1e-4);
        Assert.True(result.PixelCounts.Count(count => count > 0) > 1, "One class alone shows nothing.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void One_class_alone_is_in_no_doubt_however_many_names_it_has(int pamrSteps)
    {
        var labels = _model.Clip.EmbedLabels(LabelSet.Of([new() { Name = "cat", Synonyms = ["dog", "house"] }]), PromptTemplates.Of(["a {}"]), cacheDirectory: null, cancellationToken: default);
        Assert.Equal(0, Segment(Backends.Managed, labels, Options with { PamrSteps = pamrSteps, PamrDilations = [1] }).Result.Doubt);
    }

    [Fact]
    public void A_map_is_made_where_it_is_asked_for_alone()
    {
        using var segmenter = new ManagedSegmenter(_model.Clip);
        Assert.Null(segmenter.Segment([Noise(null, doubtMap: false)], _model.Labels(), Options, TestContext.Current.CancellationToken)[0].DoubtMap);
    }

    private (SegmentationResult Result, float[] Scores) Segment(string engine, LabelEmbeddings labels, SegmentationOptions options)
    {
        using var segmenter = Backends.Create(engine, _model.Clip);
        var recorder = new ScoreRecorder(labels.ClassCount, Height, Width);
        return (segmenter.Segment([Noise(recorder, doubtMap: true)], labels, options, TestContext.Current.CancellationToken)[0], recorder.Scores);
    }

    private static SegmentationInput Noise(IScoreSink? scores, bool doubtMap)
    {
        var rgb = new byte[96 * 80 * 3];
        new Random(7).NextBytes(rgb);
        return new SegmentationInput { Rgb = rgb, Width = 80, Height = 96, OutputWidth = Width, OutputHeight = Height, Scores = scores, DoubtMap = doubtMap };
    }
}
