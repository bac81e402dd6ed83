using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Testing;
using Sclip.Worker.Pipeline;

namespace Sclip.Worker.Tests;

public sealed class LabelPipelineTests : IDisposable
{
    private static readonly LabelClass[] Classes = [new() { Name = "dark" }, new() { Name = "bright" }];
    private static readonly LabelEmbeddings Labels = new() { Values = [], Dimension = 0, ClassOfName = [0, 1], ClassCount = 2 };
    private readonly TemporaryFolder _folder = new();
    private readonly StuckDecoder _decoder = new();

    public void Dispose()
    {
        _decoder.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Results_come_in_the_order_of_the_pictures(int parallelism)
    {
        var pictures = Enumerable.Range(0, 40).Select(i => Picture($"{i}.jpg", 30 + i % 7 * 20)).ToArray();
        var results = await RunAsync(pictures, new BrightnessSegmenter(), Options with { Parallelism = parallelism });
        Assert.Equal(pictures.Select(picture => picture.Name), results.Select(result => result.Image));
        Assert.All(results, result => Assert.Equal((long)result.Width! * (long)result.Height!, result.Pixels!.Values.Sum()));
        Assert.Equal(40, Directory.GetFiles(_folder["out/masks"]).Length);
        Assert.Empty(Directory.GetFiles(_folder["out"], "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Bad_pictures_fail_and_the_rest_are_labelled()
    {
        var good = Picture("good.jpg", 40);
        _folder.Write("in/cut.jpg", File.ReadAllBytes(_folder["in/good.jpg"]).AsSpan(0, 200));
        _folder.Write("in/empty.jpg", "");
        var results = await RunAsync([Reference("cut.jpg"), good, Reference("empty.jpg"), Reference("missing.jpg")], new BrightnessSegmenter(), Options);
        Assert.Equal([ImageStatus.Failed, ImageStatus.Ok, ImageStatus.Failed, ImageStatus.Failed], results.Select(result => result.Status));
        Assert.Contains("truncated", results[0].Error, StringComparison.Ordinal);
        Assert.Contains("empty", results[2].Error, StringComparison.Ordinal);
        Assert.Contains("does not exist", results[3].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_and_tag_of_a_result_are_those_of_the_file_that_was_read()
    {
        var good = Picture("good.jpg", 40);
        _folder.Write("in/broken.jpg", "no picture");
        var results = await RunAsync([.. new[] { good, Reference("broken.jpg"), Reference("missing.jpg") }.Select(planned => planned with { Bytes = 7 })], new BrightnessSegmenter(), Options);
        var read = await good.Store.ReadAsync("good.jpg", 1 << 20, TestContext.Current.CancellationToken);
        Assert.Equal([read.Bytes.Length, 10, null], results.Select(result => result.InputBytes));
        Assert.Equal(read.ETag, results[0].InputETag);
        Assert.Null(results[2].InputETag);
    }

    [Fact]
    public async Task A_picture_that_the_engine_refuses_does_not_spoil_its_group()
    {
        var results = await RunAsync([Picture("a.jpg", 40), Picture("b.jpg", 50), Picture("c.jpg", 60)], new BrightnessSegmenter { RefusedWidth = 50 }, Options);
        Assert.Equal([ImageStatus.Ok, ImageStatus.Failed, ImageStatus.Ok], results.Select(result => result.Status));
        Assert.Contains("width 50", results[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_ends_the_run_with_its_reason()
    {
        var pictures = Enumerable.Range(0, 30).Select(i => Picture($"{i}.jpg", 40)).ToArray();
        var store = new TestStore(new FileBlobStore(_folder["out"])) { WritesLeft = 3 };
        var results = new List<ImageResult>();
        var error = await Assert.ThrowsAsync<BlobStoreException>(async () =>
        {
            await foreach (var result in new LabelPipeline(new BrightnessSegmenter(), Labels, Classes, store, Options).RunAsync(pictures, CancellationToken.None, TestContext.Current.CancellationToken))
                results.Add(result);
        });
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.True(results.Count <= 3);
    }

    [Fact]
    public async Task Pictures_wait_to_be_read_until_results_are_taken()
    {
        var store = new TestStore(new FileBlobStore(_folder["in"]));
        for (var i = 0; i < 100; i++)
            Picture($"{i}.jpg", 40);
        var pictures = Enumerable.Range(0, 100).Select(i => new PictureReference($"{i}.jpg", store, $"{i}.jpg"));
        var gate = new TaskCompletionSource();
        var output = new TestStore(new FileBlobStore(_folder["out"])) { Gate = gate.Task };
        var run = Task.Run(async () =>
        {
            var count = 0;
            await foreach (var result in new LabelPipeline(new BrightnessSegmenter(), Labels, Classes, output, Options).RunAsync(pictures, CancellationToken.None))
                count++;
            return count;
        }, TestContext.Current.CancellationToken);
        await output.FirstWrite.Task;
        // While no mask can be written, the stages before it fill up and stand still, far from the end.
        for (var last = -1; last != store.Reads; await Task.Delay(100, TestContext.Current.CancellationToken))
            last = store.Reads;
        Assert.InRange(store.Reads, 1, 30);
        gate.SetResult();
        Assert.Equal(100, await run);
    }

    [Fact]
    public async Task A_stop_finishes_what_the_engine_has_and_no_more()
    {
        using var stop = new CancellationTokenSource();
        var pictures = Enumerable.Range(0, 60).Select(i => Picture($"{i}.jpg", 40)).ToArray();
        var results = await RunAsync(pictures, new BrightnessSegmenter { OnCall = stop.Cancel }, Options, stop.Token);
        Assert.InRange(results.Count, 1, 4);
        Assert.Equal(pictures.Take(results.Count).Select(picture => picture.Name), results.Select(result => result.Image));
        Assert.All(results, result => Assert.True(File.Exists(Path.Combine(_folder["out"], result.Mask!))));
    }

    [Fact]
    public async Task A_picture_whose_decoder_ends_when_told_to_fails_in_time_and_the_rest_are_labelled()
    {
        _folder.Write("in/slow.jpg", StuckDecoder.Slow);
        var results = await RunAsync([Picture("a.jpg", 40), Reference("slow.jpg"), Picture("b.jpg", 40)], new BrightnessSegmenter(), Options with { Decoder = Watched });
        Assert.Equal([("a.jpg", null), ("slow.jpg", FailureReasons.TimedOut), ("b.jpg", null)], results.Select(result => (result.Image, result.Reason)));
    }

    [Fact]
    public async Task A_picture_whose_decoder_does_not_come_back_has_its_result_though_the_run_is_stopped_for_it()
    {
        _folder.Write("in/endless.jpg", StuckDecoder.Endless);
        using var stop = new CancellationTokenSource();
        var lost = new List<string>();
        var decoder = Watched with
        {
            Lost = image =>
            {
                lost.Add(image);
                stop.Cancel();
            },
        };
        PictureReference[] pictures = [Picture("first.jpg", 40), Reference("endless.jpg"), .. Enumerable.Range(0, 60).Select(i => Picture($"{i}.jpg", 40))];
        var results = await RunAsync(pictures, new BrightnessSegmenter(), Options with { Decoder = decoder }, stop.Token);
        Assert.Equal(["endless.jpg"], lost);
        Assert.Equal([("first.jpg", ImageStatus.Ok, null), ("endless.jpg", ImageStatus.Failed, FailureReasons.TimedOut)], results.Select(result => (result.Image, result.Status, result.Reason)));
        Assert.StartsWith("timed out: it was not decoded within 3 s", results[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_abort_waits_for_no_decoder()
    {
        _folder.Write("in/endless.jpg", StuckDecoder.Endless);
        using var abort = new CancellationTokenSource();
        var decoder = _decoder.Watched with { Time = TimeSpan.FromHours(1) };
        var run = Task.Run(async () =>
        {
            await foreach (var result in new LabelPipeline(new BrightnessSegmenter(), Labels, Classes, new FileBlobStore(_folder["out"]), Options with { Decoder = decoder }).RunAsync([Reference("endless.jpg")], CancellationToken.None, abort.Token))
                Assert.Fail($"{result.Image} should not have come out.");
        }, TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => _decoder.Stuck == 1, TimeSpan.FromSeconds(30)));
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_stop_ends_the_wait_for_an_engine_that_others_use()
    {
        using var stop = new CancellationTokenSource();
        var waits = new TaskCompletionSource();
        var options = Options with
        {
            EnterEngineAsync = async token =>
            {
                waits.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return null;
            },
        };
        var run = RunAsync([Picture("a.jpg", 40)], new BrightnessSegmenter(), options, stop.Token);
        await waits.Task;
        await stop.CancelAsync();
        Assert.Empty(await run);
    }

    [Fact]
    public async Task An_abort_ends_at_once()
    {
        using var abort = new CancellationTokenSource();
        var pictures = Enumerable.Range(0, 60).Select(i => Picture($"{i}.jpg", 40)).ToArray();
        var segmenter = new BrightnessSegmenter { OnCall = abort.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var result in new LabelPipeline(segmenter, Labels, Classes, new FileBlobStore(_folder["out"]), Options).RunAsync(pictures, CancellationToken.None, abort.Token))
                Assert.Fail($"{result.Image} should not have come out.");
        });
        Assert.Equal(1, segmenter.Calls);
    }

    [Fact]
    public async Task Doubt_is_told_and_each_pixels_written_where_asked_for()
    {
        var result = Assert.Single(await RunAsync([Picture("a.jpg", 40)], new BrightnessSegmenter(), Options with { Doubt = true }));
        Assert.Equal((0.4, "doubt/a.jpg.png"), (result.Doubt, result.DoubtMap));
        Assert.All(result.ClassDoubt!.Values, doubt => Assert.Contains(doubt, (double[])[0.25, 0.5]));
        Assert.Equal(result.Pixels!.Keys, result.ClassDoubt.Keys);
        var (doubts, width, height) = MaskDecoder.Read(await File.ReadAllBytesAsync(_folder["out/doubt/a.jpg.png"], TestContext.Current.CancellationToken), ImageLimits.Default);
        Assert.Equal((result.Width, result.Height), (width, height));
        Assert.All(doubts, doubt => Assert.Contains(doubt, (ushort[])[64, 128]));
        result = Assert.Single(await RunAsync([Picture("b.jpg", 40)], new BrightnessSegmenter(), Options));
        Assert.Equal((0.4, null), (result.Doubt, result.DoubtMap));
        Assert.False(File.Exists(_folder["out/doubt/b.jpg.png"]));
    }

    [Fact]
    public async Task Scores_are_a_float16_array_of_classes_rows_and_columns()
    {
        await RunAsync([Picture("a.jpg", 40)], new BrightnessSegmenter(), Options with { Scores = true });
        var file = await File.ReadAllBytesAsync(_folder["out/scores/a.jpg.npy"], TestContext.Current.CancellationToken);
        var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Half>(file.AsSpan(128)).ToArray();
        Assert.Contains("'descr': '<f2', 'fortran_order': False, 'shape': (2, 30, 40)", System.Text.Encoding.ASCII.GetString(file, 0, 128), StringComparison.Ordinal);
        Assert.Equal(2 * 30 * 40, values.Length);
        var (labels, _, _) = MaskDecoder.Read(await File.ReadAllBytesAsync(_folder["out/masks/a.jpg.png"], TestContext.Current.CancellationToken), ImageLimits.Default);
        for (var i = 0; i < labels.Length; i++)
            Assert.Equal((labels[i] == 0 ? (Half)0.75f : (Half)0.25f, labels[i] == 1 ? (Half)0.75f : (Half)0.25f), (values[i], values[1200 + i]));
    }

    [Fact]
    public async Task An_engine_that_resizes_gets_pictures_in_full_size_and_the_size_for_the_model()
    {
        var engine = new BrightnessSegmenter { ResizesPictures = true };
        var results = await RunAsync([Picture("wide.jpg", 90), Picture("fits.jpg", 32)], engine, Options with { ShortSide = 15, Overlay = true });
        Assert.All(results, result => Assert.Equal(ImageStatus.Ok, result.Status));
        var inputs = engine.Groups.SelectMany(group => group).ToArray();
        Assert.Equal([(90, 30, 45, 15), (32, 30, 16, 15)], inputs.Select(input => (input.Width, input.Height, input.ModelWidth, input.ModelHeight)));
        Assert.Equal([(90, 30), (32, 30)], inputs.Select(input => (input.OutputWidth, input.OutputHeight)));

        engine = new BrightnessSegmenter { ResizesPictures = true };
        await RunAsync([Picture("fits.jpg", 32)], engine, Options with { ShortSide = 30 });
        Assert.Equal((0, 0), (engine.Groups.Single()[0].ModelWidth, engine.Groups.Single()[0].ModelHeight));

        engine = new BrightnessSegmenter();
        await RunAsync([Picture("wide.jpg", 90)], engine, Options with { ShortSide = 15 });
        Assert.Equal((45, 15, 0, 0), engine.Groups.SelectMany(group => group).Select(input => (input.Width, input.Height, input.ModelWidth, input.ModelHeight)).Single());
    }

    [Fact]
    public async Task An_engine_on_a_GPU_finds_as_many_pictures_as_it_wants_at_once_after_it_was_busy()
    {
        var store = new TestStore(new FileBlobStore(_folder["in"]));
        var pictures = Enumerable.Range(0, 40).Select(i => Picture($"{i}.jpg", 40) with { Store = store }).ToArray();
        BrightnessSegmenter engine = null!;
        engine = new BrightnessSegmenter { ResizesPictures = true, PicturesAtOnce = 9, OnCall = () => FillUp(engine.Groups.First().Count) };
        await RunAsync(pictures, engine, Options);
        Assert.Equal(9, engine.Groups.ElementAt(1).Count);
        Assert.All(engine.Groups, group => Assert.InRange(group.Count, 1, 9));

        // In the first call: until the stages before the engine are full, which is nine for it and two to be decoded.
        void FillUp(int first) => Assert.True(engine.Calls > 1 || SpinWait.SpinUntil(() => store.Reads >= first + 9 + 2, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task While_the_engine_works_the_pixels_in_full_size_are_not_held()
    {
        WeakReference? whole = null;
        var engine = new BrightnessSegmenter { OnCall = () => Assert.True(SpinWait.SpinUntil(IsGone, TimeSpan.FromSeconds(30))) };
        var results = await RunAsync([Picture("a.jpg", 90)], engine, Options with { ShortSide = 15, Decoder = new WatchedDecoder { Decode = Decode } });
        Assert.Equal(ImageStatus.Ok, Assert.Single(results).Status);
        Assert.NotNull(whole);

        RgbImage Decode(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken)
        {
            var picture = ImageDecoder.Decode(file, limits, cancellationToken);
            whole = new WeakReference(picture.Pixels);
            return picture;
        }

        bool IsGone()
        {
            GC.Collect();
            return whole is { IsAlive: false };
        }
    }

    /// <summary>Four that leave a quarter each of what is worth it, while the engine is nobody's.</summary>
    [Fact]
    public async Task What_a_group_leaves_behind_is_collected_by_its_sum_outside_the_engines_turn()
    {
        var pictures = Enumerable.Range(0, 12).Select(i => Picture($"{i}.jpg", 90)).ToArray();
        var (ofPicture, decoded, turns, collections) = (new FileInfo(_folder["in/0.jpg"]).Length + 3 * 90 * 30, 0, 0, new List<int>());
        BrightnessSegmenter engine = null!;
        // The first call ends when four more are decoded.
        engine = new BrightnessSegmenter { OnCall = () => Assert.True(engine.Calls > 1 || SpinWait.SpinUntil(() => Volatile.Read(ref decoded) >= engine.Groups.First().Count + 4, TimeSpan.FromSeconds(30))) };
        var options = Options with
        {
            ShortSide = 15,
            Parallelism = 4,
            Decoder = new WatchedDecoder { Decode = Decode },
            EnterEngineAsync = _ => ValueTask.FromResult<IDisposable?>(new Turn(() => turns++, () => turns--)),
        };
        var pipeline = new LabelPipeline(engine, Labels, Classes, new FileBlobStore(_folder["out"]), options)
        {
            Garbage = new LargeGarbage(4 * ofPicture, TimeSpan.Zero, TimeProvider.System, () => collections.Add(turns)),
        };
        await foreach (var result in pipeline.RunAsync(pictures, CancellationToken.None, TestContext.Current.CancellationToken))
            Assert.Equal(ImageStatus.Ok, result.Status);
        Assert.Contains(engine.Groups, group => group.Count == 4);
        Assert.Equal(engine.Groups.Count(group => group.Count == 4), collections.Count);
        Assert.All(collections, held => Assert.Equal(0, held));

        RgbImage Decode(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken)
        {
            var picture = ImageDecoder.Decode(file, limits, cancellationToken);
            Interlocked.Increment(ref decoded);
            return picture;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_others_go_first_no_picture_is_read(bool isStopped)
    {
        var pictures = Enumerable.Range(0, 12).Select(i => Picture($"{i}.jpg", 30)).ToArray();
        var (others, asked, labelled) = (new TaskCompletionSource(), 0, 0);
        using var stop = new CancellationTokenSource();
        var options = Options with { GiveWayAsync = token => ++asked <= 3 ? Task.CompletedTask : others.Task.WaitAsync(token) };
        var run = Task.Run(async () =>
        {
            await foreach (var result in new LabelPipeline(new BrightnessSegmenter(), Labels, Classes, new FileBlobStore(_folder["out"]), options).RunAsync(pictures, stop.Token, TestContext.Current.CancellationToken))
                Interlocked.Increment(ref labelled);
        }, TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref labelled) == 3, TimeSpan.FromSeconds(30)));
        Assert.False(run.IsCompleted);
        if (isStopped)
            await stop.CancelAsync();
        else
            others.SetResult();
        await run;
        Assert.Equal(isStopped ? 3 : pictures.Length, labelled);
    }

    [Fact]
    public void A_stream_of_large_pictures_is_collected_now_and_then()
    {
        var (time, collections) = (new SteppedTime(), 0);
        var garbage = new LargeGarbage(100, TimeSpan.FromSeconds(5), time, () => collections++);
        garbage.Collect(99);
        Assert.Equal(0, collections);
        for (var second = 0; second < 20; second++, time.Seconds++)
            garbage.Collect(100);
        Assert.Equal(4, collections);
    }

    [Fact]
    public async Task A_picture_that_is_decoded_holds_its_file_no_more()
    {
        var fetched = await FetchedPicture.ReadAsync(Picture("a.jpg", 90), 1 << 20, kept: null, TestContext.Current.CancellationToken);
        var decoded = await DecodedPicture.DecodeAsync(fetched, Options, engineResizes: false, TestContext.Current.CancellationToken);
        Assert.Null(decoded.Failure);
        Assert.Throws<InvalidOperationException>(fetched.TakeFile);
    }

    [Fact]
    public async Task A_lost_device_ends_the_run_with_what_came_before_it()
    {
        var pictures = Enumerable.Range(0, 40).Select(i => Picture($"{i}.jpg", 40)).ToArray();
        BrightnessSegmenter engine = null!;
        engine = new BrightnessSegmenter { OnCall = () => _ = engine.Calls == 3 ? throw new DeviceLostException("it is gone.") : 0 };
        var results = new List<ImageResult>();
        await Assert.ThrowsAsync<DeviceLostException>(async () =>
        {
            await foreach (var result in new LabelPipeline(engine, Labels, Classes, new FileBlobStore(_folder["out"]), Options).RunAsync(pictures, CancellationToken.None, TestContext.Current.CancellationToken))
                results.Add(result);
        });
        var before = engine.Groups.Take(2).Sum(group => group.Count);
        Assert.Equal(pictures.Take(before).Select(picture => picture.Name), results.Select(result => result.Image));
        Assert.All(results, result => Assert.Equal(ImageStatus.Ok, result.Status));
        Assert.Equal(3, engine.Calls);
    }

    /// <summary>With time enough for a good picture, also where the machine does much else.</summary>
    private WatchedDecoder Watched => _decoder.Watched with { Time = TimeSpan.FromSeconds(3) };

    private static PipelineOptions Options => new() { Segmentation = new SegmentationOptions(), ShortSide = 0, Parallelism = 2 };

    private async Task<List<ImageResult>> RunAsync(IEnumerable<PictureReference> pictures, ISegmenter segmenter, PipelineOptions options, CancellationToken stop = default)
    {
        var results = new List<ImageResult>();
        await foreach (var result in new LabelPipeline(segmenter, Labels, Classes, new FileBlobStore(_folder["out"]), options).RunAsync(pictures, stop, TestContext.Current.CancellationToken))
            results.Add(result);
        return results;
    }

    private PictureReference Reference(string name) => new(name, new FileBlobStore(_folder["in"]), name);

    /// <summary>Writes a picture whose right half is bright.</summary>
    private PictureReference Picture(string name, int width)
    {
        var pixels = new byte[width * 30 * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i / 3 % width >= width / 2 ? 230 : 20);
        _folder.Write($"in/{name}", JpegEncoder.Encode(new RgbImage(width, 30, pixels)));
        return Reference(name);
    }

    private sealed class Turn : IDisposable
    {
        private readonly Action _leave;

        public Turn(Action enter, Action leave)
        {
            enter();
            _leave = leave;
        }

        public void Dispose() => _leave();
    }

    private sealed class SteppedTime : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
