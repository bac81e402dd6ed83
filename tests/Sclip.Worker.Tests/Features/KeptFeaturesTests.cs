using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Testing;
using Sclip.Worker.Pipeline;

namespace Sclip.Worker.Tests.Features;

public sealed class KeptFeaturesTests(KeptFeaturesTests.Fixture fixture) : IClassFixture<KeptFeaturesTests.Fixture>, IDisposable
{
    private const string Scene = "scene-1.png", Other = "scene-2.png";

    // Of 49,152 pixels of a scene, those that change sides where two names are as likely.
    private const double Fp16Share = 0.0001, Int8Share = 0.0005;

    private static readonly LabelClass[] OtherClasses =
        [new() { Name = "meadow", Synonyms = ["grass"], Background = true }, new() { Name = "a tree" }, new() { Name = "sky" }, new() { Name = "a house", Synonyms = ["brick"] }];

    private readonly DemoEngine _engine = fixture.Engine;
    private readonly TemporaryFolder _folder = new();

    private string Kept => _folder["kept"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FeatureEncoding.Float16, Fp16Share)]
    [InlineData(FeatureEncoding.Int8, Int8Share)]
    public async Task Kept_features_give_other_names_the_classes_that_the_pixels_give_them_and_no_picture_is_read(FeatureEncoding encoding, double share)
    {
        var pictures = new TestStore(new FileBlobStore(_folder["in"]));
        PictureReference[] references = [Picture(Scene), Picture(Other)];
        await RunAsync(references, Options with { KeepFeatures = encoding }, "kept");

        var other = LabelSet.Of(OtherClasses);
        var options = Options with { Segmentation = Options.Segmentation with { LogitScale = 25, ProbabilityThreshold = 0.4 }, Doubt = true, Scores = true };
        var expected = await RunAsync(references, options, "pixels", other);
        var calls = _engine.Calls;
        var results = await RunAsync([.. references.Select(reference => reference with { Store = pictures, FeatureStore = new FileBlobStore(Kept), Bytes = 4711 })], options, "features", other);
        Assert.Equal((0, calls), (pictures.Reads, _engine.Calls));
        Assert.Equal(references.Select(reference => reference.Name), results.Select(result => result.Image));
        foreach (var (result, pixels) in results.Zip(expected))
        {
            Assert.Equal((ImageStatus.Ok, 0, 4711L, null, null), (result.Status, result.Windows, result.InputBytes, result.InputETag, result.FeaturesUnused));
            Assert.Equal((pixels.Mask, pixels.Scores, pixels.DoubtMap, pixels.Width, pixels.Height), (result.Mask, result.Scores, result.DoubtMap, result.Width, result.Height));
            Assert.InRange(result.Doubt!.Value, pixels.Doubt!.Value - 0.01, pixels.Doubt.Value + 0.01);
            AssertAlike(pixels.Mask!, share);
        }
    }

    [Theory]
    [InlineData(FeatureEncoding.Float16)]
    [InlineData(FeatureEncoding.Int8)]
    public async Task Whoever_keeps_features_gets_the_same_masks_and_files_of_the_size_that_was_told(FeatureEncoding encoding)
    {
        PictureReference[] references = [Picture(Scene), Picture(Other)];
        await RunAsync(references, Options, "pixels");
        foreach (var result in await RunAsync(references, Options with { KeepFeatures = encoding }, "features"))
        {
            AssertAlike(result.Mask!, share: 0);
            Assert.Equal(OutputNames.Features(result.Image), result.Features);
            var file = await File.ReadAllBytesAsync(_folder[Path.Combine("features", result.Features!)], TestContext.Current.CancellationToken);
            Assert.Equal(file.Length, FeatureFile.SizeOf(FeatureFile.Parse(file).Header));
        }
        Assert.False(Directory.Exists(_folder["pixels/features"]));
    }

    /// <summary>With a short side, for which pictures are resized: PAMR looks at them as the model saw them, on any engine.</summary>
    [Theory]
    [InlineData(true, 0, false)]
    [InlineData(false, 2, false)]
    [InlineData(true, 2, false)]
    [InlineData(true, 2, true)]
    public async Task Overlays_and_PAMR_have_the_picture_beside_its_features(bool overlay, int pamr, bool engineResizes)
    {
        var (pictures, reference) = (new TestStore(new FileBlobStore(_folder["in"])), Picture(Scene));
        var options = Options with { ShortSide = 128, Overlay = overlay, Segmentation = Options.Segmentation with { PamrSteps = pamr } };
        await RunAsync([reference], options with { KeepFeatures = FeatureEncoding.Float16 }, "kept");
        var expected = Assert.Single(await RunAsync([reference], options, "pixels"));
        var calls = _engine.Calls;
        ISegmenter segmenter = engineResizes ? new BrightnessSegmenter { ResizesPictures = true } : _engine;
        var result = Assert.Single(await RunAsync([reference with { Store = pictures, FeatureStore = new FileBlobStore(Kept) }], options, "features", segmenter: segmenter));
        Assert.Equal((ImageStatus.Ok, 0, null), (result.Status, result.Windows, result.FeaturesUnused));
        Assert.Equal((1, calls), (pictures.Reads, _engine.Calls));
        Assert.Equal((expected.InputBytes, expected.InputETag, expected.Overlay), (result.InputBytes, result.InputETag, result.Overlay));
        AssertAlike(result.Mask!, Fp16Share);
        if (overlay)
            AssertLookAlike(ImageDecoder.Decode(File.ReadAllBytes(_folder["features/" + result.Overlay]), ImageLimits.Default), ImageDecoder.Decode(File.ReadAllBytes(_folder["pixels/" + result.Overlay]), ImageLimits.Default));
    }

    [Theory]
    [InlineData("missing", "they do not exist.")]
    [InlineData("truncated", "truncated")]
    [InlineData("flipped", "the file is damaged")]
    [InlineData("no features", "these are no features")]
    [InlineData("other stride", "they were computed with stride 16, and 32 is asked for.")]
    [InlineData("other method", "they were computed with method clip, and sclip is asked for.")]
    [InlineData("other short side", "they were computed with short side 96, and 0 is asked for.")]
    [InlineData("other picture", "they are of the picture scene-2.png, and scene-1.png is asked for.")]
    [InlineData("too large", "more than the limit")]
    public async Task Where_features_cannot_be_used_pixels_are_and_the_result_says_why(string what, string reason)
    {
        PictureReference[] references = [Picture(Scene), Picture(Other)];
        await RunAsync(references, Options with { KeepFeatures = FeatureEncoding.Float16 }, "kept");
        await RunAsync(references, Options, "pixels");
        await SpoilAsync(what, references[0]);
        var options = what == "too large" ? Options with { Limits = new ImageLimits { MaxFileBytes = 400_000 } } : Options;
        references = [.. references.Select(reference => reference with { FeatureStore = new FileBlobStore(Kept) })];
        var results = await RunAsync(references, options, "features");
        Assert.Equal([Scene, Other], results.Select(result => result.Image));
        Assert.All(results, result => Assert.Equal(ImageStatus.Ok, result.Status));
        Assert.Contains(reason, results[0].FeaturesUnused, StringComparison.Ordinal);
        Assert.Equal(35, results[0].Windows);
        Assert.NotNull(results[0].InputETag);
        AssertAlike(results[0].Mask!, share: 0);
        if (what != "too large")
            Assert.Equal((null, 0), (results[1].FeaturesUnused, results[1].Windows));

        File.Delete(_folder["in/" + Scene]);
        results = await RunAsync(references, options, "gone");
        Assert.Equal((ImageStatus.Failed, FailureReasons.Missing, null), (results[0].Status, results[0].Reason, results[0].Mask));
        Assert.Contains(reason, results[0].Error, StringComparison.Ordinal);
        Assert.Contains(_folder["in/" + Scene], results[0].Error, StringComparison.Ordinal);
        Assert.Equal(ImageStatus.Ok, results[1].Status);
    }

    [Fact]
    public async Task Features_by_a_matrix_of_a_file_are_not_taken_for_those_by_another_that_the_file_holds_now()
    {
        const int Width = 128;
        var matrix = _folder["matrix.npy"];
        var options = Options with { Segmentation = Options.Segmentation with { Method = "sclip-projection:" + matrix } };
        WriteMatrix(1);
        var reference = Picture(Scene);
        await RunAsync([reference], options with { KeepFeatures = FeatureEncoding.Float16 }, "kept");
        reference = reference with { FeatureStore = new FileBlobStore(Kept) };
        Assert.Null(Assert.Single(await RunAsync([reference], options, "features")).FeaturesUnused);
        WriteMatrix(2);
        Assert.StartsWith("they were computed with method sclip-projection:", Assert.Single(await RunAsync([reference], options, "features")).FeaturesUnused, StringComparison.Ordinal);

        void WriteMatrix(float value)
        {
            var values = new float[Width * Width];
            for (var i = 0; i < Width; i++)
                values[i * (Width + 1)] = value;
            _folder.Write("matrix.npy", [.. Npy.Header("<f4", Width, Width), .. MemoryMarshal.AsBytes<float>(values)]);
        }
    }

    [Theory]
    [InlineData(256, 192, true, "its picture has changed since they were kept.")]
    [InlineData(80, 72, true, "its picture has changed since they were kept.")]
    [InlineData(80, 72, false, "they are of a picture of 256 x 192 pixels, and this one has 80 x 72.")]
    public async Task A_picture_that_was_replaced_goes_through_the_engine_where_it_is_seen(int width, int height, bool knowsFile, string reason)
    {
        var reference = Picture(Scene);
        await RunAsync([reference], Options with { KeepFeatures = FeatureEncoding.Float16 }, "kept");
        if (!knowsFile)
            ForgetFile(Path.Combine(Kept, reference.FeaturesName));
        _folder.Write("in/" + Scene, JpegEncoder.Encode(new RgbImage(width, height, new byte[width * height * 3])));
        var result = Assert.Single(await RunAsync([reference with { FeatureStore = new FileBlobStore(Kept) }], Options with { Overlay = true }, "features"));
        Assert.Equal((ImageStatus.Ok, width, reason), (result.Status, result.Width, result.FeaturesUnused));
    }

    [Theory]
    [InlineData(null, "does not exist", "overlays and PAMR need the picture itself.")]
    [InlineData("no picture", "format", "its picture has changed since they were kept.")]
    public async Task A_picture_that_cannot_be_had_for_its_overlay_fails_though_its_features_are_sound(string? file, string error, string end)
    {
        var reference = Picture(Scene);
        await RunAsync([reference], Options with { KeepFeatures = FeatureEncoding.Float16 }, "kept");
        File.Delete(_folder["in/" + Scene]);
        if (file is not null)
            _folder.Write("in/" + Scene, file);
        var result = Assert.Single(await RunAsync([reference with { FeatureStore = new FileBlobStore(Kept) }], Options with { Overlay = true }, "features"));
        Assert.Equal(ImageStatus.Failed, result.Status);
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
        Assert.EndsWith(end, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Results_keep_the_order_of_the_pictures_whichever_have_features(int parallelism)
    {
        var pictures = Enumerable.Range(0, 24).Select(i => Small($"{i}.jpg", 32 + i % 5 * 8)).ToArray();
        await RunAsync(pictures, Options with { KeepFeatures = FeatureEncoding.Int8 }, "kept");
        var without = pictures.Where((_, i) => i % 7 is 0 or 3 or 4).ToArray();
        foreach (var picture in without)
            File.Delete(Path.Combine(Kept, picture.FeaturesName));
        var results = await RunAsync([.. pictures.Select(picture => picture with { FeatureStore = new FileBlobStore(Kept) })], Options with { Parallelism = parallelism }, "features");
        Assert.Equal(pictures.Select(picture => picture.Name), results.Select(result => result.Image));
        Assert.All(results, result => Assert.Equal(ImageStatus.Ok, result.Status));
        Assert.Equal(without.Select(picture => picture.Name), results.Where(result => result.FeaturesUnused is not null).Select(result => result.Image));
    }

    [Fact]
    public async Task A_full_disk_while_features_are_kept_ends_the_run_and_loses_nothing()
    {
        var pictures = Enumerable.Range(0, 12).Select(i => Small($"{i}.jpg", 40)).ToArray();
        var (options, results) = (Options with { KeepFeatures = FeatureEncoding.Float16 }, new List<ImageResult>());
        await FillAsync(pictures.Take(1), writes: 1);
        // A mask comes after its features, so that there is none without.
        Assert.Equal((0, true, false), (results.Count, File.Exists(Path.Combine(Kept, pictures[0].FeaturesName)), File.Exists(Path.Combine(Kept, pictures[0].MaskName))));
        await FillAsync(pictures, writes: 13);
        Assert.All(results, result => Assert.True(File.Exists(Path.Combine(Kept, result.Features!)) && File.Exists(Path.Combine(Kept, result.Mask!))));

        await RunAsync(pictures, options, "kept");
        results = await RunAsync([.. pictures.Select(picture => picture with { FeatureStore = new FileBlobStore(Kept) })], Options, "features");
        Assert.All(results, result => Assert.Equal((0, null), (result.Windows, result.FeaturesUnused)));

        async Task FillAsync(IEnumerable<PictureReference> some, int writes)
        {
            var full = new TestStore(new FileBlobStore(Kept)) { WritesLeft = writes };
            var pipeline = new LabelPipeline(_engine, _engine.Labels, _engine.LabelSet.Classes, full, options, _engine.Labeller);
            var error = await Assert.ThrowsAsync<BlobStoreException>(async () =>
            {
                await foreach (var result in pipeline.RunAsync(some, CancellationToken.None, TestContext.Current.CancellationToken))
                    results.Add(result);
            });
            Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Features_of_a_picture_that_are_larger_than_a_file_may_be_are_its_failure_and_no_others()
    {
        var results = await RunAsync(
            [Small("a.jpg", 40), Picture(Scene), Small("b.jpg", 48)], Options with { KeepFeatures = FeatureEncoding.Float16, Limits = new ImageLimits { MaxFileBytes = 400_000 } }, "kept");
        Assert.Equal([null, FailureReasons.Refused, null], results.Select(result => result.Reason));
        Assert.Contains("more than the limit of 400,000 (--max-file-size)", results[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_without_a_patch_is_refused_in_the_same_words_where_features_are_kept()
    {
        _folder.Write("in/dot.jpg", JpegEncoder.Encode(new RgbImage(7, 5, new byte[7 * 5 * 3])));
        PictureReference[] pictures = [Small("a.jpg", 40), new("dot.jpg", new FileBlobStore(_folder["in"]), "dot.jpg")];
        var (results, expected) = (await RunAsync(pictures, Options with { KeepFeatures = FeatureEncoding.Int8 }, "kept"), await RunAsync(pictures, Options, "pixels"));
        Assert.Equal([null, FailureReasons.Refused], results.Select(result => result.Reason));
        Assert.Equal(expected[1].Error, results[1].Error);
    }

    [Fact]
    public async Task Features_of_a_picture_that_is_larger_than_pictures_may_be_are_not_labelled()
    {
        var reference = Picture(Scene);
        await RunAsync([reference], Options with { KeepFeatures = FeatureEncoding.Float16 }, "kept");
        var result = Assert.Single(await RunAsync([reference with { FeatureStore = new FileBlobStore(Kept) }], Options with { Limits = new ImageLimits { MaxPixels = 256 * 192 - 1 } }, "features"));
        Assert.Equal(FailureReasons.Damaged, result.Reason);
        Assert.Contains("Its kept features were not labelled: 256 x 192 pixels are more than the limit", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_of_features_that_does_not_answer_ends_the_run_and_is_no_reason_to_compute()
    {
        var reference = Picture(Scene);
        await RunAsync([reference], Options with { KeepFeatures = FeatureEncoding.Float16 }, "kept");
        var calls = _engine.Calls;
        var error = await Assert.ThrowsAsync<BlobStoreException>(() => RunAsync([reference with { FeatureStore = new TestStore(new FileBlobStore(Kept)) { ReadsLeft = 0 } }], Options, "features"));
        Assert.Equal((BlobStoreFault.Unavailable, calls), (error.Fault, _engine.Calls));
    }

    [Fact]
    public async Task A_picture_that_is_labelled_holds_its_features_no_more()
    {
        var reference = Picture(Scene);
        await RunAsync([reference], Options with { KeepFeatures = FeatureEncoding.Float16 }, "kept");
        var kept = new KeptFeatures(_engine.Labeller, _engine.Precision, Options);
        var fetched = await FetchedPicture.ReadAsync(reference with { FeatureStore = new FileBlobStore(Kept) }, 1 << 20, kept, TestContext.Current.CancellationToken);
        var decoded = await DecodedPicture.DecodeAsync(fetched, Options, engineResizes: false, TestContext.Current.CancellationToken);
        Assert.NotNull(decoded.Features);
        var segmented = Assert.Single(new SegmentStage(_engine, _engine.Labels, kept, Options).Run([decoded], TestContext.Current.CancellationToken));
        Assert.NotNull(segmented.Result);
        Assert.Equal((null, true), (segmented.Picture.Features, segmented.Picture.HasFeatures));
    }

    [Fact]
    public async Task An_abort_ends_the_labelling_of_features()
    {
        var pictures = Enumerable.Range(0, 12).Select(i => Small($"{i}.jpg", 40)).ToArray();
        await RunAsync(pictures, Options with { KeepFeatures = FeatureEncoding.Float16 }, "kept");
        using var abort = new CancellationTokenSource();
        var options = Options with
        {
            EnterEngineAsync = async _ =>
            {
                await abort.CancelAsync();
                return null;
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync([.. pictures.Select(picture => picture with { FeatureStore = new FileBlobStore(Kept) })], options, "features", abort: abort.Token));
        Assert.False(Directory.Exists(_folder["features/masks"]));
    }

    [Fact]
    public async Task A_stop_finishes_the_features_that_are_in_hand_and_no_more()
    {
        var pictures = Enumerable.Range(0, 24).Select(i => Small($"{i}.jpg", 40)).ToArray();
        await RunAsync(pictures, Options with { KeepFeatures = FeatureEncoding.Float16 }, "kept");
        using var stop = new CancellationTokenSource();
        var turns = 0;
        var options = Options with
        {
            EnterEngineAsync = async _ =>
            {
                if (++turns == 3)
                    await stop.CancelAsync();
                return null;
            },
        };
        var results = await RunAsync([.. pictures.Select(picture => picture with { FeatureStore = new FileBlobStore(Kept) })], options, "features", stop: stop.Token);
        Assert.Equal(["0.jpg", "1.jpg"], results.Select(result => result.Image));
    }

    private static PipelineOptions Options => new() { Segmentation = new SegmentationOptions { Crop = 64, Stride = 32 }, ShortSide = 0, Parallelism = 2 };

    private async Task<List<ImageResult>> RunAsync(
        IReadOnlyList<PictureReference> pictures, PipelineOptions options, string output, LabelSet? labels = null, ISegmenter? segmenter = null, CancellationToken stop = default, CancellationToken abort = default)
    {
        var results = new List<ImageResult>();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abort, TestContext.Current.CancellationToken);
        var pipeline = new LabelPipeline(
            segmenter ?? _engine, labels is null ? _engine.Labels : _engine.Embed(labels), (labels ?? _engine.LabelSet).Classes, new FileBlobStore(_folder[output]), options, _engine.Labeller);
        await foreach (var result in pipeline.RunAsync(pictures, stop, either.Token))
            results.Add(result);
        return results;
    }

    private PictureReference Picture(string name)
    {
        _folder.Write($"in/{name}", File.ReadAllBytes(Path.Combine(DemoEngine.Demo, "pictures", name)));
        return new PictureReference(name, new FileBlobStore(_folder["in"]), name);
    }

    private PictureReference Small(string name, int width)
    {
        var pixels = new byte[width * 40 * 3];
        new Random(width).NextBytes(pixels);
        _folder.Write($"in/{name}", JpegEncoder.Encode(new RgbImage(width, 40, pixels)));
        return new PictureReference(name, new FileBlobStore(_folder["in"]), name);
    }

    /// <summary>Features as a program writes them that does not tell the picture's file.</summary>
    private static void ForgetFile(string path)
    {
        var file = File.ReadAllBytes(path);
        var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8));
        var header = JsonNode.Parse(file.AsSpan(12, length))!.AsObject();
        header.Remove("file");
        var json = Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] changed = [.. file.AsSpan(0, 8), .. BitConverter.GetBytes(json.Length), .. json, .. file.AsSpan()[(12 + length)..^32]];
        File.WriteAllBytes(path, [.. changed, .. SHA256.HashData(changed)]);
    }

    private async Task SpoilAsync(string what, PictureReference picture)
    {
        var path = Path.Combine(Kept, picture.FeaturesName);
        var file = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var others = Options with { KeepFeatures = FeatureEncoding.Float16 };
        switch (what)
        {
            case "missing":
                File.Delete(path);
                break;
            case "truncated":
                await File.WriteAllBytesAsync(path, file[..^1000], TestContext.Current.CancellationToken);
                break;
            case "flipped":
                file[^5000] ^= 4;
                await File.WriteAllBytesAsync(path, file, TestContext.Current.CancellationToken);
                break;
            case "no features":
                await File.WriteAllTextAsync(path, "no features, and long enough to be a file with a checksum behind it", TestContext.Current.CancellationToken);
                break;
            case "other stride":
                await RunAsync([picture], others with { Segmentation = others.Segmentation with { Stride = 16 } }, "kept");
                break;
            case "other method":
                await RunAsync([picture], others with { Segmentation = others.Segmentation with { Method = "clip" } }, "kept");
                break;
            case "other picture":
                File.Copy(Path.Combine(Kept, OutputNames.Features(Other)), path, overwrite: true);
                break;
            case "other short side":
                await RunAsync([picture], others with { ShortSide = 96 }, "kept");
                break;
        }
    }

    /// <summary>The masks of a run by pixels and of one by features differ in no more than a share of their pixels.</summary>
    private void AssertAlike(string mask, double share)
    {
        var (expected, actual) = (Labels("pixels"), Labels("features"));
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Zip(actual).Count(pair => pair.First != pair.Second) / (double)expected.Length, 0, share);
        Assert.True(expected.Distinct().Skip(1).Any());

        ushort[] Labels(string run) => MaskDecoder.Read(File.ReadAllBytes(_folder[Path.Combine(run, mask)]), ImageLimits.Default).Item1;
    }

    private static void AssertLookAlike(RgbImage actual, RgbImage expected)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.InRange(expected.Pixels.Zip(actual.Pixels).Average(pair => Math.Abs(pair.First - pair.Second)), 0, 0.1);
    }

    public sealed class Fixture : IDisposable
    {
        public DemoEngine Engine { get; } = new();

        public void Dispose() => Engine.End();
    }
}
