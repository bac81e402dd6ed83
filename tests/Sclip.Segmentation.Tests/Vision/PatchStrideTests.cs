using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Segmentation.Vision;
using Sclip.Testing;
using Sclip.Testing.Accuracy;

namespace Sclip.Segmentation.Tests.Vision;

/// <summary>Patches that overlap: cut with a smaller step than their side.</summary>
public sealed unsafe class PatchStrideTests : IDisposable
{
    private readonly GoldenModel _model = new(Golden.Models.First());

    public static TheoryData<string> Engines => [.. Backends.Names];

    private ClipConfig Config => _model.Clip.Config;

    private int Patch => Config.PatchSize;

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Tokens_of_overlapping_patches_are_those_of_patches_cut_one_by_one()
    {
        var picture = Noise(5 * Patch + 3, 4 * Patch + 7);
        foreach (var step in (int[])[Patch / 2, 5, Patch - 1, Patch])
        {
            var (expected, batch) = Tokens(picture, step);
            using var actual = new NativeBuffer(expected.Length);
            _model.Clip.Vision.Embed(Whole(picture), batch, actual.Pointer, _model.Clip.Vision.Together);
            Close.Assert(expected, actual.Span(0, expected.Length), 1e-5f, $"step {step}");
            // Of normalised pixels, as methods over changed pictures have them.
            _model.Clip.Vision.Embed(_model.Clip.Normalisation.Planes(picture), batch, picture.Width, actual.Pointer, _model.Clip.Vision.Together);
            Close.Assert(expected, actual.Span(0, expected.Length), 1e-5f, $"step {step}, planes");
        }
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void Features_of_an_engine_are_those_of_the_tokens_of_patches_cut_one_by_one(string backend)
    {
        var picture = Noise(4 * Patch, 5 * Patch + 3);
        var (expected, batch) = Tokens(picture, Patch / 2);
        var vision = _model.Clip.Vision;
        using NativeBuffer x = new(expected.Length), features = new((long)batch.Rows * Config.EmbeddingSize);
        expected.CopyTo(x.Span(0, expected.Length));
        vision.PreNorm(x.Pointer, batch.Rows, vision.Together);
        for (var block = 0; block < Config.Vision.Layers; block++)
            vision.Block(block, x.Pointer, batch, vision.Together);
        vision.Project(x.Pointer, batch.Rows, features.Pointer, vision.Together);

        using var segmenter = Backends.Create(backend, _model.Clip);
        var sink = new OneWindow();
        segmenter.Segment([With(picture, sink)], _model.Labels(), new() { Method = "clip", Crop = 0, PatchStride = Patch / 2 }, TestContext.Current.CancellationToken);
        Assert.Equal((batch.GridHeight(0), batch.GridWidth(0)), sink.Grid);
        Assert.Equal((4 * Patch - Patch) / (Patch / 2) + 1, sink.Grid.Height);
        var wanted = features.Span(Config.EmbeddingSize, (batch.Rows - 1) * Config.EmbeddingSize).ToArray();
        Close.Assert([.. wanted.Chunk(Config.EmbeddingSize).SelectMany(Unit)], sink.Features, 1e-4f, backend);
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void A_step_of_the_patchs_side_is_no_step_at_all(string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        using var labeller = new FeatureLabeller(_model.Clip);
        var (picture, options) = (Noise(70, 100), new SegmentationOptions { Crop = 64, Stride = 32, Batch = 3 });
        var (without, kept) = FewerBits.Keep(segmenter, labeller, picture, _model.Labels(), options, FeatureEncoding.Float16);
        var (with, keptToo) = FewerBits.Keep(segmenter, labeller, picture, _model.Labels(), options with { PatchStride = Patch }, FeatureEncoding.Float16);
        Assert.Equal(without.LabelMap, with.LabelMap);
        Assert.Equal(without.ClassConfidences, with.ClassConfidences);
        Assert.Equal(kept.Header, keptToo.Header);
        Assert.Equal((1, null), (kept.Header.Version, kept.Header.PatchStride));
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void Kept_features_of_overlapping_patches_label_as_pixels_do_and_under_no_other_step(string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        using var labeller = new FeatureLabeller(_model.Clip);
        var picture = Noise(70, 100);
        foreach (var (crop, encoding) in (IEnumerable<(int, FeatureEncoding)>)[(64, FeatureEncoding.Float16), (0, FeatureEncoding.Float16), (64, FeatureEncoding.Int8)])
        {
            var options = new SegmentationOptions { Crop = crop, Stride = 32, PatchStride = Patch / 2 };
            var (fromPixels, features) = FewerBits.Keep(segmenter, labeller, picture, _model.Labels(), options, encoding);
            Assert.Equal((3, (int?)(Patch / 2)), (features.Header.Version, features.Header.PatchStride));
            var fromFeatures = labeller.Label(features, picture, _model.Labels(), options, TestContext.Current.CancellationToken);
            var changed = fromPixels.LabelMap.Zip(fromFeatures.LabelMap).Count(pair => pair.First != pair.Second);
            Assert.InRange((double)changed / fromPixels.LabelMap.Length, 0, encoding == FeatureEncoding.Float16 ? 0.005 : 0.05);
            Assert.Throws<SegmentationException>(() => labeller.Label(features, picture, _model.Labels(), options with { PatchStride = null }, TestContext.Current.CancellationToken));
            Assert.Equal(
                $"they were computed with patch stride {Patch / 2}, and {Patch} is asked for", features.Header.DifferenceTo(features.Header with { PatchStride = null }));
            Assert.Null((features.Header with { PatchStride = null }).DifferenceTo(features.Header with { PatchStride = Patch }));
        }
    }

    [Fact]
    public void Configurations_that_differ_in_the_step_share_no_blocks()
    {
        using var segmenter = new ManagedSegmenter(_model.Clip);
        SegmentationOptions[] configurations = [.. ((int?[])[null, Patch / 2]).SelectMany(step => ((string[])["clip", "sclip"]).Select(method => new SegmentationOptions { Method = method, Crop = 64, Stride = 32, PatchStride = step }))];
        var picture = Noise(70, 100);
        var together = segmenter.SegmentWithEach([picture], _model.Labels(), configurations, TestContext.Current.CancellationToken);
        for (var i = 0; i < configurations.Length; i++)
            Assert.Equal(segmenter.Segment([picture], _model.Labels(), configurations[i], TestContext.Current.CancellationToken)[0].LabelMap, together[i][0].LabelMap);
        Assert.NotEqual(together[1][0].LabelMap, together[3][0].LabelMap);
    }

    [Fact]
    public void Views_show_the_denser_grid()
    {
        using var segmenter = new ManagedSegmenter(_model.Clip);
        var (picture, options) = (Noise(4 * Patch, 6 * Patch), new SegmentationOptions { Crop = 0, PatchStride = Patch / 2 });
        var output = segmenter.Inspect(picture, _model.Labels(), options, TestContext.Current.CancellationToken);
        Assert.Equal((7, 11), (output.GridHeight, output.GridWidth));
        foreach (var attention in segmenter.Attention(picture, 3 * Patch / 2, Patch, _model.Labels(), ["sclip", "clip-surgery"], options, TestContext.Current.CancellationToken))
        {
            Assert.Equal((7, 11, 4 * Patch, 6 * Patch), (attention.GridHeight, attention.GridWidth, attention.Height, attention.Width));
            // Centres lie at (i + 1) * half a patch.
            Assert.Equal(1 * 11 + 2, attention.Patch);
            Assert.Equal(1, attention.Weights.Sum() + attention.ClassToken, 1e-4f);
        }
    }

    [EngineTheory]
    [MemberData(nameof(Engines))]
    public void A_step_that_is_none_or_makes_too_many_patches_is_refused(string backend)
    {
        using var segmenter = Backends.Create(backend, _model.Clip);
        Assert.Contains("the patch stride must be at least 1 pixel; it is 0.", Refusal(0, 0), StringComparison.Ordinal);
        Assert.Contains($"must not exceed the side of the model's patches, {Patch} pixels", Refusal(Patch + 1, 0), StringComparison.Ordinal);
        var side = 129 + Patch;
        Assert.Equal(
            $"A window of {side} x {side} pixels has {130 * 130} patches, one every 1 pixels, and at most 16384 can be computed; give a larger patch stride (--patch-stride) or smaller windows (--crop).", Refusal(1, 0));

        string Refusal(int step, int crop) => Assert.Throws<SegmentationException>(
            () => segmenter.Segment([Noise(129 + Patch, 129 + Patch)], _model.Labels(), new() { Crop = crop, PatchStride = step }, TestContext.Current.CancellationToken)).Message;
    }

    private static PixelWindow[] Whole(SegmentationInput picture) => [new PixelWindow(picture.Rgb, picture.Width, 0, 0, picture.Height, picture.Width)];

    private static float[] Unit(float[] feature)
    {
        var length = MathF.Sqrt(feature.Sum(value => value * value));
        return [.. feature.Select(value => value / length)];
    }

    private static SegmentationInput With(SegmentationInput picture, IFeatureSink sink) =>
        new() { Rgb = picture.Rgb, Width = picture.Width, Height = picture.Height, OutputWidth = picture.Width, OutputHeight = picture.Height, Features = sink };

    private static SegmentationInput Noise(int height, int width)
    {
        var rgb = new byte[height * width * 3];
        new Random(height * 1000 + width).NextBytes(rgb);
        return new SegmentationInput { Rgb = rgb, Width = width, Height = height, OutputWidth = width, OutputHeight = height };
    }

    /// <summary>CLS, then each patch's pixels times the convolution's weights, pixel by pixel; positions added.</summary>
    private (float[] Tokens, TokenBatch Batch) Tokens(SegmentationInput picture, int step)
    {
        var (patch, width) = (Patch, Config.Vision.Width);
        var tensors = _model.Clip.Tensors;
        const string Prefix = "vision_model.embeddings";
        var weight = tensors.Read($"{Prefix}.patch_embedding.weight", width, 3, patch, patch);
        var positions = tensors.Read($"{Prefix}.position_embedding.weight", 1 + Config.NativeGrid * Config.NativeGrid, width);
        var batch = TokenBatch.Of(Whole(picture), new PatchCut(patch, step));
        var (rows, columns) = ((picture.Height - patch) / step + 1, (picture.Width - patch) / step + 1);
        if (!PositionGrid.IsNative(Config, rows, columns, PositionResizing.Bicubic))
            positions = PositionGrid.Resize(positions, Config, rows, columns, PositionResizing.Bicubic);
        var tokens = new float[(1 + rows * columns) * width];
        tensors.Read($"{Prefix}.class_embedding", width).CopyTo(tokens, 0);
        for (var token = 1; token <= rows * columns; token++)
        {
            var (row, column) = Math.DivRem(token - 1, columns);
            for (var channel = 0; channel < width; channel++)
            {
                var sum = 0.0;
                for (var i = 0; i < 3 * patch * patch; i++)
                {
                    var (color, y, x) = (i / (patch * patch), i / patch % patch, i % patch);
                    var level = picture.Rgb.Span[((row * step + y) * picture.Width + column * step + x) * 3 + color];
                    sum += (double)weight[channel * 3 * patch * patch + i] * _model.Clip.Normalisation.Apply(color, level);
                }
                tokens[token * width + channel] = (float)sum;
            }
        }
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] += positions[i];
        return (tokens, batch);
    }

    private sealed class OneWindow : IFeatureSink
    {
        public (int Height, int Width) Grid { get; private set; }

        public float[] Features { get; private set; } = [];

        public void Write(int window, int gridHeight, int gridWidth, ReadOnlySpan<float> features) => (Grid, Features) = ((gridHeight, gridWidth), features.ToArray());
    }
}
