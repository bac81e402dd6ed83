using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing;
using Sclip.Worker.Shards;

namespace Sclip.Worker.Tests.Shards;

public sealed class ShardRunnerTests : IDisposable
{
    private readonly ShardFixture _shard = new(images: 12);

    public void Dispose() => _shard.Dispose();

    [Fact]
    public async Task A_shard_is_committed_once_and_its_draft_is_gone()
    {
        await _shard.PlanAsync();
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("a"));
        Assert.Equal(ShardOutcome.WasDone, await _shard.RunAsync("b"));
        var results = await _shard.Jobs.ReadResultAsync("job", 0, default);
        Assert.Equal(_shard.References.Select(image => image.Name), results!.Select(result => result.Image));
        Assert.All(results!, result => Assert.Equal(ImageStatus.Ok, result.Status));
        Assert.Null(await _shard.Jobs.ReadDraftAsync("job", 0, default));
        Assert.Equal(12, _shard.Images.Reads);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_shard_that_another_commits_while_one_waits_for_its_engine_is_done_and_no_draft_is_left(bool lost)
    {
        await _shard.PlanAsync();
        using var stop = new CancellationTokenSource();
        _shard.Engine = () =>
        {
            _shard.Engine = null;
            Assert.Equal(ShardOutcome.Completed, _shard.RunAsync("a").GetAwaiter().GetResult());
            if (lost)
                stop.Cancel();
            return null;
        };
        Assert.Equal(ShardOutcome.WasDone, await _shard.RunAsync("b", stop.Token));
        Assert.Null(await _shard.Jobs.ReadDraftAsync("job", 0, default));
        Assert.Equal(12, _shard.Images.Reads);
    }

    [Theory]
    [InlineData("dead")]
    [InlineData(null)]
    public async Task The_draft_that_another_delivery_leaves_of_a_shard_that_is_done_is_cleared_away(string? worker)
    {
        await _shard.PlanAsync();
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("a"));
        await _shard.Jobs.WriteDraftAsync("job", 0, new ShardDraft { Worker = worker, Deliveries = 1 }, [], etag: null, default);
        Assert.Equal(ShardOutcome.WasDone, await _shard.RunAsync("b"));
        Assert.Null(await _shard.Jobs.ReadDraftAsync("job", 0, default));
    }

    [Fact]
    public async Task The_draft_that_a_retry_makes_of_results_is_left_to_it()
    {
        await _shard.PlanAsync();
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("a"));
        await _shard.Jobs.WriteDraftAsync("job", 0, new ShardDraft(), [ShardFixture.Done("00.jpg")], etag: null, default);
        Assert.Equal(ShardOutcome.WasDone, await _shard.RunAsync("b"));
        Assert.Single((await _shard.Jobs.ReadDraftAsync("job", 0, default))!.Value.Results);
    }

    [Fact]
    public async Task What_a_dead_worker_has_saved_is_not_computed_again()
    {
        await _shard.PlanAsync();
        await _shard.DieAsync("dead", done: [.. _shard.References.Take(5).Select(image => ShardFixture.Done(image.Name))]);
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("b"));
        Assert.Equal(7, _shard.Images.Reads);
        Assert.Equal(12, (await _shard.Jobs.ReadResultAsync("job", 0, default))!.Count);
    }

    [Fact]
    public async Task A_stop_saves_what_is_done_and_lets_the_shard_go()
    {
        await _shard.PlanAsync();
        using var stop = new CancellationTokenSource();
        _shard.OnLabelled = _ => stop.Cancel();
        Assert.Equal(ShardOutcome.Unfinished, await _shard.RunAsync("a", stop.Token));
        var (head, results, _) = (await _shard.Jobs.ReadDraftAsync("job", 0, default))!.Value;
        Assert.Null(head.Worker);
        Assert.InRange(results.Count, 1, 11);
        Assert.Null(await _shard.Jobs.ReadResultAsync("job", 0, default));

        var read = _shard.Images.Reads;
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("b"));
        Assert.Equal(12 - results.Count, _shard.Images.Reads - read);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_shard_whose_decoder_does_not_come_back_is_let_go_with_that_images_failure_and_no_death(bool oneByOne)
    {
        await _shard.PlanAsync();
        using var decoder = new StuckDecoder();
        using var stop = new CancellationTokenSource();
        _shard.Spoil(_shard.References[4], StuckDecoder.Endless);
        (_shard.Decoder, _shard.OnLost) = (decoder.Watched, _ => stop.Cancel());
        var deaths = oneByOne ? 2 : 0;
        await _shard.Jobs.WriteDraftAsync("job", 0, new ShardDraft { Deaths = deaths, Deliveries = deaths }, [], null, default);
        Assert.Equal(ShardOutcome.Unfinished, await _shard.RunAsync("a", stop.Token));
        var (head, results, _) = (await _shard.Jobs.ReadDraftAsync("job", 0, default))!.Value;
        Assert.Equal((null, null, deaths), (head.Worker, head.Current, head.Deaths));
        Assert.Equal(["04.jpg"], results.Where(result => result.Reason == FailureReasons.TimedOut).Select(result => result.Image));

        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("b"));
        Assert.Equal(1, decoder.Stuck);
        Assert.Equal(["04.jpg"], (await _shard.Jobs.ReadResultAsync("job", 0, default))!.Where(result => result.Status == ImageStatus.Failed).Select(result => result.Image));
    }

    [Fact]
    public async Task An_image_that_hung_and_could_not_be_saved_hangs_the_next_worker_and_is_saved_then()
    {
        await _shard.PlanAsync();
        using var decoder = new StuckDecoder();
        using var abort = new CancellationTokenSource();
        _shard.Spoil(_shard.References[0], StuckDecoder.Endless);
        // Nothing can be saved in the time that a worker has to end.
        (_shard.Decoder, _shard.OnLost) = (decoder.Watched, _ => abort.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _shard.RunAsync("a", abort: abort.Token));

        using var stop = new CancellationTokenSource();
        _shard.OnLost = _ => stop.Cancel();
        Assert.Equal(ShardOutcome.Unfinished, await _shard.RunAsync("b", stop.Token));
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("c"));
        Assert.Equal(2, decoder.Stuck);
        Assert.Equal(FailureReasons.TimedOut, (await _shard.Jobs.ReadResultAsync("job", 0, default))!.Single(result => result.Status == ImageStatus.Failed).Reason);
    }

    [Fact]
    public async Task A_shard_whose_device_is_lost_is_saved_and_let_go_without_blame_on_an_image()
    {
        await _shard.PlanAsync();
        BrightnessSegmenter engine = null!;
        _shard.Segmenter = engine = new BrightnessSegmenter { OnCall = () => _ = engine.Calls == 2 ? throw new DeviceLostException("it is gone.") : 0 };
        await Assert.ThrowsAsync<DeviceLostException>(() => _shard.RunAsync("a"));
        var (head, results, _) = (await _shard.Jobs.ReadDraftAsync("job", 0, default))!.Value;
        Assert.Equal((null, null, 0), (head.Worker, head.Current, head.Deaths));
        Assert.Equal(engine.Groups.First().Count, results.Count);

        _shard.Segmenter = new BrightnessSegmenter();
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("b"));
        Assert.All((await _shard.Jobs.ReadResultAsync("job", 0, default))!, result => Assert.Equal(ImageStatus.Ok, result.Status));
    }

    [Fact]
    public async Task A_shard_that_another_has_taken_over_is_left_alone()
    {
        await _shard.PlanAsync();
        var taken = false;
        _shard.OnLabelled = _ =>
        {
            if (taken)
                return;
            taken = true;
            _shard.DieAsync("thief").GetAwaiter().GetResult();
        };
        Assert.Equal(ShardOutcome.TakenOver, await _shard.RunAsync("a"));
        Assert.Null(await _shard.Jobs.ReadResultAsync("job", 0, default));
        Assert.Equal("thief", (await _shard.Jobs.ReadDraftAsync("job", 0, default))!.Value.Head.Worker);
    }

    [Fact]
    public async Task The_image_that_a_worker_died_on_alone_is_quarantined_and_the_rest_is_labelled()
    {
        await _shard.PlanAsync();
        await _shard.Jobs.WriteDraftAsync("job", 0, new ShardDraft { Deaths = 2, Worker = "dead", Deliveries = 3, Current = "03.jpg" }, [], null, default);
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("b"));
        var failed = Assert.Single((await _shard.Jobs.ReadResultAsync("job", 0, default))!, result => result.Status == ImageStatus.Failed);
        Assert.Equal(("03.jpg", FailureReasons.WorkerDied), (failed.Image, failed.Reason));
        Assert.Contains("worker died", failed.Error, StringComparison.Ordinal);
        Assert.Equal(11, _shard.Images.Reads);
    }

    [Fact]
    public async Task An_image_whose_worker_turns_out_to_live_is_not_quarantined()
    {
        await _shard.PlanAsync();
        var etag = await _shard.Jobs.WriteDraftAsync("job", 0, new ShardDraft { Deaths = 2, Worker = "cut off", Deliveries = 3, Current = "03.jpg" }, [], null, default);
        var run = _shard.RunAsync("b", options: new WorkerOptions { Threads = 1, QuarantineSeconds = 1 });
        Assert.NotNull(await _shard.Jobs.WriteDraftAsync("job", 0, new ShardDraft { Deaths = 2, Deliveries = 3 }, [], etag, default));
        Assert.Equal(ShardOutcome.Completed, await run);
        Assert.All((await _shard.Jobs.ReadResultAsync("job", 0, default))!, result => Assert.Equal(ImageStatus.Ok, result.Status));
    }

    [Fact]
    public async Task A_worker_that_tries_again_after_a_failure_of_its_own_has_not_died()
    {
        await _shard.PlanAsync();
        await _shard.DieAsync("a", current: "03.jpg");
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("a"));
        Assert.All((await _shard.Jobs.ReadResultAsync("job", 0, default))!, result => Assert.Equal(ImageStatus.Ok, result.Status));
    }

    [Fact]
    public async Task One_by_one_says_which_image_is_in_work_before_it_is_begun()
    {
        await _shard.PlanAsync();
        await _shard.Jobs.WriteDraftAsync("job", 0, new ShardDraft { Deaths = 1, Worker = "dead", Deliveries = 2 }, [], null, default);
        var seen = new List<string?>();
        _shard.Segmenter = new BrightnessSegmenter { OnCall = () => seen.Add(_shard.Jobs.ReadDraftAsync("job", 0, default).Result!.Value.Head.Current) };
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("b"));
        Assert.Equal(_shard.References.Select(image => image.Name), seen);
    }

    [Fact]
    public async Task An_image_completed_in_between_forgives_earlier_deaths()
    {
        await _shard.PlanAsync();
        await _shard.Jobs.WriteDraftAsync("job", 0, new ShardDraft { Deaths = 1, Deliveries = 2 }, [], null, default);
        using var stop = new CancellationTokenSource();
        _shard.OnLabelled = _ => stop.Cancel();
        await _shard.RunAsync("b", stop.Token);
        Assert.Equal(0, (await _shard.Jobs.ReadDraftAsync("job", 0, default))!.Value.Head.Deaths);
    }

    [Fact]
    public async Task A_store_that_fails_is_no_death_of_the_worker_and_no_fault_of_images()
    {
        await _shard.PlanAsync();
        _shard.Images.ReadsLeft = 3;
        var error = await Assert.ThrowsAsync<BlobStoreException>(() => _shard.RunAsync("a"));
        Assert.Equal(BlobStoreFault.Unavailable, error.Fault);
        Assert.Null((await _shard.Jobs.ReadDraftAsync("job", 0, default))!.Value.Head.Worker);

        _shard.Images.ReadsLeft = int.MaxValue;
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("b"));
        Assert.All((await _shard.Jobs.ReadResultAsync("job", 0, default))!, result => Assert.Equal(ImageStatus.Ok, result.Status));
    }

    [Fact]
    public async Task A_cancelled_job_is_left_before_it_is_begun()
    {
        await _shard.PlanAsync();
        await _shard.Jobs.CancelAsync("job", default);
        Assert.Equal(ShardOutcome.JobEnded, await _shard.RunAsync("a"));
        Assert.Equal(0, _shard.Images.Reads);
    }

    [Fact]
    public async Task A_job_that_no_worker_can_do_says_why()
    {
        await _shard.PlanAsync();
        _shard.Engine = () => throw new JobException("the model 'test/model' is not on this worker");
        Assert.Equal(ShardOutcome.JobEnded, await _shard.RunAsync("a"));
        Assert.Contains("not on this worker", (await _shard.Jobs.ReadFailureAsync("job", default))!.Reason, StringComparison.Ordinal);
        _shard.Engine = null;
        Assert.Equal(ShardOutcome.JobEnded, await _shard.RunAsync("b"));
    }

    [Theory]
    [InlineData("none of the classes is it", "dark", "bright")]
    [InlineData("was submitted to an older version, whose thresholds fall back to the first class 'dark'", "dark", "background")]
    public async Task A_job_whose_thresholds_an_older_version_gave_to_the_first_class_is_not_done_in_another_way(string reason, params string[] names)
    {
        _shard.Job = _shard.Job with { Labels = [.. names.Select(name => new LabelClass { Name = name })], Settings = _shard.Job.Settings with { ProbabilityThreshold = 0.5 } };
        await _shard.PlanAsync();
        Assert.Equal(ShardOutcome.JobEnded, await _shard.RunAsync("a"));
        Assert.Contains(reason, (await _shard.Jobs.ReadFailureAsync("job", default))!.Reason, StringComparison.Ordinal);
        Assert.Equal(0, _shard.Images.Reads);
    }

    [Fact]
    public async Task A_job_whose_thresholds_go_to_the_same_class_as_ever_is_done()
    {
        _shard.Job = _shard.Job with { Labels = [new LabelClass { Name = "Background" }, new LabelClass { Name = "bright" }], Settings = _shard.Job.Settings with { AreaThreshold = 0.1 } };
        await _shard.PlanAsync();
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("a"));
    }

    [Theory]
    [InlineData("a/../../../b.jpg")]
    [InlineData("a//b.jpg")]
    [InlineData("a\\b.jpg")]
    [InlineData("a\u0007b.jpg")]
    public async Task An_image_whose_name_could_lead_elsewhere_fails_and_the_rest_is_labelled(string name)
    {
        _shard.References.Add(new ImageReference { Name = name });
        await _shard.PlanAsync();
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("a"));
        var failed = Assert.Single((await _shard.Jobs.ReadResultAsync("job", 0, default))!, result => result.Status == ImageStatus.Failed);
        Assert.Equal((name, FailureReasons.Name), (failed.Image, failed.Reason));
        Assert.Equal(12, _shard.Images.Reads);
    }

    [Fact]
    public async Task A_shard_held_too_long_goes_back_with_what_is_done()
    {
        await _shard.PlanAsync();
        var options = new WorkerOptions { Threads = 1, HoldSeconds = 4 };
        // The first call alone lasts until the time is over, however late it began.
        _shard.Segmenter = new BrightnessSegmenter { OnCall = () => Thread.Sleep(4_500) };
        Assert.Equal(ShardOutcome.Unfinished, await _shard.RunAsync("a", options: options));
        Assert.InRange((await _shard.Jobs.ReadDraftAsync("job", 0, default))!.Value.Results.Count, 1, 11);
    }

    [Fact]
    public async Task A_message_of_a_shard_that_does_not_exist_is_refused()
    {
        await _shard.Jobs.CreateJobAsync(_shard.Job, default);
        await Assert.ThrowsAsync<UnusableShardException>(() => _shard.RunAsync("a"));
    }

    [Fact]
    public async Task A_shard_that_is_damaged_is_refused_with_its_name()
    {
        await _shard.PlanAsync();
        await _shard.Jobs.Store.WriteAsync(JobNames.Shard("job", 0), "{\"name\":\"00.jpg\"}\n{\"na"u8.ToArray(), WriteCondition.None, default);
        var error = await Assert.ThrowsAsync<UnusableShardException>(() => _shard.RunAsync("a"));
        Assert.Contains(JobNames.Shard("job", 0), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_summary_is_written_once_when_all_shards_are_done()
    {
        await _shard.PlanAsync();
        var completion = new JobCompletion(_shard.Jobs);
        Assert.Null(await completion.TryCompleteAsync(_shard.Job, default));
        await _shard.RunAsync("a");
        var summary = await completion.TryCompleteAsync(_shard.Job, default);
        Assert.Equal((12L, 12L, 0L), (summary!.Images, summary.Labelled, summary.Failed));
        Assert.Equal(12 * 40 * 30, summary.Pixels.Values.Sum());
        Assert.Null(await completion.TryCompleteAsync(_shard.Job, default));
    }
}
