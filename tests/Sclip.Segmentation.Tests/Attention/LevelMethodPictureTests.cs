using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing.Accuracy;

namespace Sclip.Segmentation.Tests.Attention;

/// <summary>SC-CLIP, GEM and ITACLIP on whole pictures, by a model that is deep enough for them.</summary>
public sealed class LevelMethodPictureTests : IDisposable
{
    private static readonly string Name = SuccessorGoldenTests.Manifest["models"]!.AsObject().First().Key;

    private readonly ClipModel _model = SuccessorGoldenTests.Load(Name);

    /// <summary>Methods whose features hold for any names.</summary>
    public static TheoryData<string, string> WithFeatures => [.. new[] { "gem", "sc-clip", "itaclip" }.SelectMany(method => Backends.Names.Select(backend => (method, backend)))];

    /// <summary>The engines.</summary>
    public static TheoryData<string> Engines => [.. Backends.Names];

    private SegmentationOptions Options => new() { Crop = _model.Config.NativeGrid * _model.Config.PatchSize, Stride = 3 * _model.Config.PatchSize };

    public void Dispose() => _model.Dispose();

    [EngineTheory]
    [MemberData(nameof(WithFeatures))]
    public void Kept_features_label_as_pixels_do(string method, string backend)
    {
        using var segmenter = Backends.Create(backend, _model);
        using var labeller = new FeatureLabeller(_model);
        var (picture, labels, options) = (Picture(), SuccessorGoldenTests.Labels(Name), Options with { Method = method });
        var (fromPixels, features) = FewerBits.Keep(segmenter, labeller, picture, labels, options, FeatureEncoding.Float16);
        var fromFeatures = labeller.Label(features, picture, labels, options, TestContext.Current.CancellationToken);
        // Features are kept in fewer bits: single pixels at a border may change.
        Assert.InRange(fromPixels.LabelMap.Zip(fromFeatures.LabelMap).Count(pair => pair.First != pair.Second), 0, fromPixels.LabelMap.Length / 200);
        Assert.Equal(fromPixels.Doubt, fromFeatures.Doubt, 0.005);
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void Features_that_logits_need_more_than_are_not_kept(string backend)
    {
        using var segmenter = Backends.Create(backend, _model);
        using var labeller = new FeatureLabeller(_model);
        var error = Assert.Throws<SegmentationException>(() => FewerBits.Keep(
            segmenter, labeller, Picture(), SuccessorGoldenTests.Labels(Name), Options with { Method = "itaclip:image-engineering" }, FeatureEncoding.Float16));
        Assert.Contains("cannot be kept for others; keep those of another method.", error.Message, StringComparison.Ordinal);
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void A_window_of_too_few_patches_is_refused_with_the_crop_that_would_do(string backend)
    {
        using var segmenter = Backends.Create(backend, _model);
        var (patch, labels) = (_model.Config.PatchSize, SuccessorGoldenTests.Labels(Name));
        var error = Assert.Throws<SegmentationException>(() => Label(5 * patch));
        Assert.Contains($"at least {6 * patch} pixels (--crop)", error.Message, StringComparison.Ordinal);
        Label(6 * patch);

        void Label(int crop) =>
            segmenter.Segment([Picture()], labels, new SegmentationOptions { Method = "sc-clip", Crop = crop, Stride = patch }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_window_of_more_patches_than_maps_have_room_for_is_refused_before_it_is_computed()
    {
        using var segmenter = new ManagedSegmenter(_model);
        var side = 129 * _model.Config.PatchSize;
        var large = new SegmentationInput { Rgb = new byte[side * side * 3], Height = side, Width = side, OutputHeight = 1, OutputWidth = 1 };
        var error = Assert.Throws<SegmentationException>(() => segmenter.Segment([large], SuccessorGoldenTests.Labels(Name), Options with { Method = "gem", Crop = 0 }, TestContext.Current.CancellationToken));
        Assert.Contains("has 16641 patches, and gem, which compares each with each, takes at most 16384", error.Message, StringComparison.Ordinal);
        Assert.Contains("(--crop) or a shorter side (--short-side)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Methods_that_share_blocks_label_as_each_does_alone()
    {
        using var segmenter = new ManagedSegmenter(_model);
        var labels = SuccessorGoldenTests.Labels(Name);
        SegmentationOptions[] configurations = [.. ((string[])["sclip", "gem", "clip-surgery", "sc-clip", "itaclip", "itaclip:image-engineering", "clip"]).Select(method => Options with { Method = method })];
        var together = segmenter.SegmentWithEach([Picture()], labels, configurations, TestContext.Current.CancellationToken);
        for (var i = 0; i < configurations.Length; i++)
            Assert.Equal(segmenter.Segment([Picture()], labels, configurations[i], TestContext.Current.CancellationToken)[0].LabelMap, together[i][0].LabelMap);
    }

    [Fact]
    public void Where_a_patch_looks_is_shown_of_each_method()
    {
        using var segmenter = new ManagedSegmenter(_model);
        string[] methods = ["gem", "sc-clip", "itaclip", "itaclip:image-engineering"];
        var byMethod = segmenter.Attention(Picture(), 20, 30, SuccessorGoldenTests.Labels(Name), methods, Options, TestContext.Current.CancellationToken);
        Assert.Equal(methods, byMethod.Select(attention => attention.Method));
        Assert.All(byMethod, attention => Assert.Equal(1, attention.Weights.ToArray().Sum() + attention.ClassToken, 1e-4));
        // SC-CLIP's last attention is among patches alone.
        Assert.Equal([false, true, false, false], byMethod.Select(attention => attention.ClassToken == 0));
        Assert.Equal(byMethod[2].Weights, byMethod[3].Weights);
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void What_is_told_of_a_picture_is_of_the_closed_label_map(string backend)
    {
        using var segmenter = Backends.Create(backend, _model);
        var (labels, options) = (SuccessorGoldenTests.Labels(Name), Options with { Method = "itaclip" });
        var scores = new ScoreRecorder(labels.ClassCount, 90, 120);
        var result = segmenter.Segment([Picture(scores)], labels, options, TestContext.Current.CancellationToken)[0];
        var changed = 0;
        double[] confidences = new double[labels.ClassCount], doubts = new double[labels.ClassCount];
        for (var pixel = 0; pixel < result.LabelMap.Length; pixel++)
        {
            var label = result.LabelMap[pixel];
            var own = Enumerable.Range(0, labels.ClassCount).Select(i => scores.Scores[i * result.LabelMap.Length + pixel]).ToArray();
            confidences[label] += own.Max();
            doubts[label] += result.DoubtMap![pixel] / 255.0;
            if (own[label] == own.Max())
                continue;
            changed++;
            Assert.Equal(255, result.DoubtMap[pixel]);
        }
        Assert.True(changed > 0, "A noisy label map should have holes.");
        for (var i = 0; i < labels.ClassCount; i++)
        {
            Assert.Equal(result.LabelMap.Count(label => label == i), result.PixelCounts[i]);
            var pixels = Math.Max(result.PixelCounts[i], 1);
            Assert.Equal(confidences[i] / pixels, result.ClassConfidences[i], 1e-4);
            Assert.Equal(doubts[i] / pixels, result.ClassDoubts[i], 1.0 / 255);
        }
    }

    private SegmentationInput Picture(IScoreSink? scores = null)
    {
        var patch = _model.Config.PatchSize;
        var rgb = new byte[9 * patch * 11 * patch * 3];
        new Random(7).NextBytes(rgb);
        return new SegmentationInput { Rgb = rgb, Height = 9 * patch, Width = 11 * patch, OutputHeight = 90, OutputWidth = 120, Scores = scores, DoubtMap = scores is not null };
    }
}
