using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing;
using Sclip.Testing.Accuracy;

namespace Sclip.Segmentation.Tests.Features;

public class FeatureLabellerTests
{
    /// <summary>Model, encoding, backend.</summary>
    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var model in Golden.Models)
                foreach (var encoding in FeatureEncodings.Names)
                    foreach (var backend in Backends.Names)
                        data.Add(model, encoding, backend);
            return data;
        }
    }

    [EngineTheory]
    [MemberData(nameof(Cases))]
    public void Kept_features_label_as_pixels_do(string name, string encoding, string backend)
    {
        using var model = new GoldenModel(name);
        using var segmenter = Backends.Create(backend, model.Clip);
        using var labeller = new FeatureLabeller(model.Clip);
        var labels = model.Labels();
        var (changed, all) = (0L, 0L);
        foreach (var node in model.Node["slide"]!.AsArray())
        {
            foreach (var output in node!["outputs"]!.AsArray())
            {
                var options = SlidingWindowGoldenTests.Options(node, output!);
                var picture = GoldenModel.Input(node["image"], node["original_size"]);
                var header = labeller.Describe(
                    "picture.jpg", options, segmenter.Precision, 0, FeatureEncodings.Of(encoding)!.Value, (picture.OutputWidth, picture.OutputHeight), (picture.Width, picture.Height));
                var (fromPixels, features) = FewerBits.Keep(segmenter, labeller, picture, labels, options, FeatureEncodings.Of(encoding)!.Value);
                Assert.Equal(header, features.Header);
                var fromFeatures = labeller.Label(features, picture, labels, options, TestContext.Current.CancellationToken);
                Assert.Equal((fromPixels.Width, fromPixels.Height, fromPixels.Windows), (fromFeatures.Width, fromFeatures.Height, fromFeatures.Windows));
                changed += fromPixels.LabelMap.Zip(fromFeatures.LabelMap).Count(pair => pair.First != pair.Second);
                all += fromPixels.LabelMap.Length;
            }
        }
        // The names of golden models, whose weights are random, lie close together: other models change less (bench/README.md).
        Assert.InRange((double)changed / all, 0, encoding == "fp16" ? 0.001 : 0.02);
    }

    [Fact]
    public void Labellers_that_share_a_model_may_work_at_the_same_time()
    {
        using var model = new GoldenModel(Golden.Models.First(), threads: 3);
        var node = model.Node["slide"]![0]!;
        var options = SlidingWindowGoldenTests.Options(node, node["outputs"]![0]!);
        var (picture, labels) = (GoldenModel.Input(node["image"], node["original_size"]), model.Labels());
        using var first = new FeatureLabeller(model.Clip);
        using var segmenter = new ManagedSegmenter(model.Clip);
        var (_, features) = FewerBits.Keep(segmenter, first, picture, labels, options, FeatureEncoding.Float16);
        var expected = first.Label(features, picture, labels, options, TestContext.Current.CancellationToken).LabelMap;
        Parallel.For(0, 4, _ =>
        {
            using var labeller = new FeatureLabeller(model.Clip);
            for (var i = 0; i < 20; i++)
                Assert.Equal(expected, labeller.Label(features, picture, labels, options, CancellationToken.None).LabelMap);
        });
    }

    [Fact]
    public void Features_that_are_no_numbers_are_refused_where_they_are_written_and_where_they_are_labelled()
    {
        using var model = new GoldenModel(Golden.Models.First());
        using var labeller = new FeatureLabeller(model.Clip);
        var (options, side) = (new SegmentationOptions { Crop = 0 }, model.Clip.Config.PatchSize);
        var picture = new SegmentationInput { Rgb = default, Width = side, Height = side, OutputWidth = side, OutputHeight = side };
        var writer = new FeatureWriter(labeller.Describe("picture.jpg", options, EnginePrecision.Float32, 0, FeatureEncoding.Float16, (side, side), (side, side)));
        Assert.Throws<SegmentationException>(() => writer.Write(0, 1, 1, [.. Enumerable.Repeat(float.NaN, model.Clip.Config.EmbeddingSize)]));
        // A value too large for a half becomes infinite in it.
        writer.Write(0, 1, 1, [.. Enumerable.Repeat(1e6f, model.Clip.Config.EmbeddingSize)]);
        Assert.Throws<SegmentationException>(() => labeller.Label(FeatureFile.Parse(writer.Finish()), picture, model.Labels(), options, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Features_of_other_windows_are_refused()
    {
        using var model = new GoldenModel(Golden.Models.First());
        using var labeller = new FeatureLabeller(model.Clip);
        var node = model.Node["slide"]!.AsArray().First(node => node!["crop"]!.GetValue<int>() > 0)!;
        var options = SlidingWindowGoldenTests.Options(node, node["outputs"]![0]!);
        var picture = GoldenModel.Input(node["image"], node["original_size"]);
        using var segmenter = new ManagedSegmenter(model.Clip);
        var (_, features) = FewerBits.Keep(segmenter, labeller, picture, model.Labels(), options, FeatureEncoding.Float16);
        foreach (var other in (SegmentationOptions[])[options with { Crop = options.Crop + 8 }, options with { Stride = options.Stride + 1 }, options with { Crop = 0 }])
            Assert.Throws<SegmentationException>(() => labeller.Label(features, picture, model.Labels(), other, TestContext.Current.CancellationToken));
    }
}
