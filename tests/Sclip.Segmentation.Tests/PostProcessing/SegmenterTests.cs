using Sclip.Labels;
using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.PostProcessing;

/// <summary>Properties of the whole engine that no golden vector states.</summary>
public sealed class SegmenterTests : IDisposable
{
    private static readonly SegmentationOptions Options = new() { Crop = 64, Stride = 32, Batch = 3 };
    private readonly GoldenModel _model = new(Golden.Models.First());

    public static TheoryData<string> Engines => [.. Backends.Names];

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(0, false)]
    [InlineData(3, false)]
    [InlineData(0, true)]
    public void The_number_of_threads_changes_no_byte(int pamrSteps, bool areaThreshold)
    {
        var options = Options with { PamrSteps = pamrSteps, PamrDilations = [1, 3], AreaThreshold = areaThreshold ? 0.2 : null, ProbabilityThreshold = 0.15 };
        var (labels, input) = (_model.Labels(), Noise(100, 90, 130, 121));
        var results = new List<SegmentationResult>();
        foreach (var threads in (int[])[1, 2, 5])
        {
            using var model = ClipModel.Load(Golden.ModelDirectory(Golden.Models.First()), threads);
            using var segmenter = new ManagedSegmenter(model);
            results.Add(segmenter.Segment([input], labels, options, TestContext.Current.CancellationToken)[0]);
        }
        Assert.All(results, result =>
        {
            Assert.Equal(results[0].LabelMap, result.LabelMap);
            Assert.Equal(results[0].ClassConfidences, result.ClassConfidences);
            Assert.Equal(results[0].MeanConfidence, result.MeanConfidence);
            Assert.Equal(results[0].ClassDoubts, result.ClassDoubts);
        });
        Assert.True(results[0].PixelCounts.Count(count => count > 0) > 1, "Noise should get more than one label.");
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void A_pictures_labels_do_not_depend_on_what_shares_its_batches(string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        var (labels, pictures) = (_model.Labels(), new[] { Noise(64, 64, 64, 64), Noise(70, 140, 35, 70), Noise(33, 50, 99, 150) });
        var together = segmenter.Segment(pictures, labels, Options, TestContext.Current.CancellationToken);
        for (var i = 0; i < pictures.Length; i++)
            Assert.Equal(segmenter.Segment([pictures[i]], labels, Options, TestContext.Current.CancellationToken)[0].LabelMap, together[i].LabelMap);
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void Configurations_that_are_computed_together_label_as_each_does_alone(string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        var (labels, pictures) = (_model.Labels(), new[] { Noise(64, 64, 64, 64), Noise(70, 140, 35, 70), Noise(33, 50, 99, 150) });
        SegmentationOptions[] configurations =
        [
            .. ((string[])["clip", "maskclip", "sclip", "clearclip", "sclip-random:2:1", "clip"]).Select(method => Options with { Method = method }),
            Options with { Crop = 48 }, Options with { Method = "maskclip", Crop = 0 }, Options with { PamrSteps = 2, PamrDilations = [1] },
        ];
        var together = segmenter.SegmentWithEach(pictures, labels, configurations, TestContext.Current.CancellationToken);
        Assert.Equal(configurations.Length, together.Count);
        for (var i = 0; i < configurations.Length; i++)
            Assert.Equal(segmenter.Segment(pictures, labels, configurations[i], TestContext.Current.CancellationToken).Select(result => result.LabelMap), together[i].Select(result => result.LabelMap));
        Assert.NotEqual(together[0][1].LabelMap, together[2][1].LabelMap);
    }

    [Fact]
    public void Random_projections_are_drawn_by_their_seed()
    {
        using var segmenter = new ManagedSegmenter(_model.Clip);
        var labels = _model.Labels();
        var (first, again, other) = (Map("sclip-random:4"), Map("sclip-random:4:0"), Map("sclip-random:4:7"));
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);

        ushort[] Map(string method) => segmenter.Segment([Noise(96, 96, 96, 96)], labels, Options with { Method = method }, TestContext.Current.CancellationToken)[0].LabelMap;
    }

    [Theory]
    [InlineData("sclip-random:4:")]
    [InlineData("sclip-random:4:-1")]
    [InlineData("sclip-random:4:10000")]
    [InlineData("sclip-random:4:1:1")]
    [InlineData("sclip-random:0:1")]
    public void A_seed_that_is_none_is_refused(string method) =>
        Assert.Contains("seed in 0..9999", Assert.Throws<SegmentationException>(() => DenseMethods.Validate(method)).Message, StringComparison.Ordinal);

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void More_classes_than_a_byte_holds_keep_their_indices(string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        var random = new Random(5);
        var values = new float[300 * _model.Clip.Config.EmbeddingSize];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)random.NextDouble() - 0.5f;
        // The last class alone is aligned with what the model sees; all others are far weaker.
        var own = _model.Labels().Values.AsSpan(0, _model.Clip.Config.EmbeddingSize);
        for (var i = 0; i < values.Length - own.Length; i++)
            values[i] *= 1e-3f;
        var labels = new LabelEmbeddings { Values = values, Dimension = own.Length, ClassOfName = [.. Enumerable.Range(0, 300)], ClassCount = 300 };
        var result = segmenter.Segment([Noise(64, 64, 64, 64)], labels, Options, TestContext.Current.CancellationToken)[0];
        Assert.Equal(64 * 64, result.PixelCounts.Sum());
        Assert.Equal(300, result.PixelCounts.Length);
        Assert.Equal(result.PixelCounts[299], result.LabelMap.Count(label => label == 299));
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void One_class_takes_every_pixel_with_certainty(string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        var dimension = _model.Clip.Config.EmbeddingSize;
        var labels = new LabelEmbeddings { Values = _model.Labels().Values[..dimension], Dimension = dimension, ClassOfName = [0], ClassCount = 1 };
        var result = segmenter.Segment([Noise(64, 64, 20, 30)], labels, Options, TestContext.Current.CancellationToken)[0];
        Assert.Equal([600L], result.PixelCounts);
        Assert.Equal(1, result.MeanConfidence, 1e-6);
    }

    public static TheoryData<int, string> Backgrounds => [.. Backends.Names.SelectMany(backend => new[] { (0, backend), (2, backend) })];

    [EngineTheory]
    [MemberData(nameof(Backgrounds))]
    public void What_is_dropped_or_doubtful_becomes_the_marked_background(int background, string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        var known = _model.Labels();
        var labels = new LabelEmbeddings { Values = known.Values, Dimension = known.Dimension, ClassOfName = known.ClassOfName, ClassCount = known.ClassCount, BackgroundClass = background };
        foreach (var options in (SegmentationOptions[])[Options with { ProbabilityThreshold = 1 }, Options with { AreaThreshold = 1 }])
        {
            var result = segmenter.Segment([Noise(64, 96, 64, 96)], labels, options, TestContext.Current.CancellationToken)[0];
            Assert.Equal(64 * 96, result.PixelCounts[background]);
        }
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void Thresholds_without_a_background_are_refused_and_ones_that_are_off_are_not(string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        var known = _model.Labels();
        var labels = new LabelEmbeddings { Values = known.Values, Dimension = known.Dimension, ClassOfName = known.ClassOfName, ClassCount = known.ClassCount };
        foreach (var options in (SegmentationOptions[])[Options with { ProbabilityThreshold = 0.1 }, Options with { AreaThreshold = 0.1 }])
        {
            var error = Assert.Throws<SegmentationException>(() => segmenter.Segment([Noise(64, 96, 64, 96)], labels, options, TestContext.Current.CancellationToken));
            Assert.Contains("none of the classes is it", error.Message, StringComparison.Ordinal);
        }
        var plain = segmenter.Segment([Noise(64, 96, 64, 96)], labels, Options, TestContext.Current.CancellationToken)[0];
        var off = segmenter.Segment([Noise(64, 96, 64, 96)], labels, Options with { AreaThreshold = 0 }, TestContext.Current.CancellationToken)[0];
        Assert.Equal(plain.LabelMap, off.LabelMap);
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void A_cancelled_run_ends(string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        Assert.ThrowsAny<OperationCanceledException>(() => segmenter.Segment([Noise(64, 64, 64, 64)], _model.Labels(), Options, new CancellationToken(canceled: true)));
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void A_picture_smaller_than_a_patch_is_refused(string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        Assert.Contains("--short-side", Assert.Throws<SegmentationException>(() => segmenter.Segment([Noise(3, 64, 3, 64)], _model.Labels(), Options, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void Embeddings_of_another_model_are_refused(string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        var labels = new LabelEmbeddings { Values = [1, 0, 0], Dimension = 3, ClassOfName = [0], ClassCount = 1 };
        Assert.Throws<SegmentationException>(() => segmenter.Segment([Noise(64, 64, 64, 64)], labels, Options, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(20000)]
    [InlineData(30000)]
    [InlineData(60000)]
    public void A_picture_too_large_for_PAMR_is_refused_before_memory_is_taken(int side)
    {
        using var segmenter = new ManagedSegmenter(_model.Clip);
        var (labels, input, before) = (_model.Labels(), Noise(64, 64, side, side), GC.GetAllocatedBytesForCurrentThread());
        var error = Assert.Throws<SegmentationException>(() => segmenter.Segment([input], labels, Options with { PamrSteps = 1 }, TestContext.Current.CancellationToken));
        Assert.Contains("--pamr", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    public static TheoryData<SegmentationOptions> WrongOptions => new(
        new SegmentationOptions { Crop = -1 }, new SegmentationOptions { Stride = 0 }, new SegmentationOptions { Stride = 300 },
        new SegmentationOptions { LogitScale = 0 }, new SegmentationOptions { LogitScale = double.NaN }, new SegmentationOptions { ProbabilityThreshold = 1.5 },
        new SegmentationOptions { AreaThreshold = -0.1 }, new SegmentationOptions { PamrSteps = -1 },
        new SegmentationOptions { PamrSteps = 1, PamrDilations = [] }, new SegmentationOptions { PamrSteps = 1, PamrDilations = [0] },
        new SegmentationOptions { Batch = 0 });

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void Options_out_of_range_are_refused(SegmentationOptions options) => Assert.Throws<SegmentationException>(options.Validate);

    [Theory]
    [InlineData("slcip")]
    [InlineData("")]
    [InlineData("sclip:3")]
    [InlineData("sclip-random")]
    [InlineData("sclip-random:0")]
    [InlineData("sclip-random:x")]
    [InlineData("sclip-projection:/no/such/file.npy")]
    public void An_unknown_method_or_argument_is_refused(string method) => Assert.Throws<SegmentationException>(() => DenseMethods.Validate(method));

    [Fact]
    public void A_projection_of_another_width_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("w.npy", [.. Npy.Header("<f4", 2, 2), .. new byte[16]]);
        using var model = new GoldenModel("tiny");
        Assert.Contains("[2, 2]", Assert.Throws<SegmentationException>(() => DenseMethods.Validate($"sclip-projection:{path}", model.Clip)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_projection_of_values_that_are_no_numbers_is_refused(float value)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("w.npy", [.. Npy.Header("<f4", 2, 2), .. new byte[12], .. BitConverter.GetBytes(value)]);
        Assert.Contains("w.npy holds values that are no finite numbers", Assert.Throws<SegmentationException>(() => DenseMethods.Validate($"sclip-projection:{path}")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(0, 0)]
    [InlineData(long.MaxValue, 4)]
    public void A_projection_that_is_no_square_matrix_is_refused_before_there_is_a_model(long rows, long columns)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("w.npy", [.. Npy.Header("<f4", rows, columns), .. new byte[rows == 2 ? 24 : 0]]);
        Assert.Contains(path, Assert.Throws<SegmentationException>(() => DenseMethods.Validate($"sclip-projection:{path}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_projections_fingerprint_is_of_its_values()
    {
        using var folder = new TemporaryFolder();
        var method = $"sclip-projection:{folder["w.npy"]}";
        string? Of(byte value)
        {
            folder.Write("w.npy", [.. Npy.Header("<f4", 1, 1), value, 0, 0, 0]);
            return DenseMethods.ProjectionFingerprint(method);
        }

        Assert.Equal(Of(1), Of(1));
        Assert.NotEqual(Of(1), Of(2));
        Assert.Null(DenseMethods.ProjectionFingerprint("sclip-random:2"));
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void Random_projections_are_the_same_every_time(string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        using var again = Backends.Create(backend, _model.Clip);
        var (input, labels, options) = (Noise(64, 64, 64, 64), _model.Labels(), Options with { Method = "sclip-random:2" });
        Assert.Equal(
            segmenter.Segment([input], labels, options, TestContext.Current.CancellationToken)[0].LabelMap,
            again.Segment([input], labels, options, TestContext.Current.CancellationToken)[0].LabelMap);
    }

    private static SegmentationInput Noise(int height, int width, int outputHeight, int outputWidth)
    {
        var rgb = new byte[height * width * 3];
        new Random(height * 1000 + width).NextBytes(rgb);
        return new SegmentationInput { Rgb = rgb, Width = width, Height = height, OutputWidth = outputWidth, OutputHeight = outputHeight };
    }
}
