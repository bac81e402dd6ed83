using System.Globalization;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Storage;

namespace Sclip.Dispatcher.Tests.Planning;

/// <summary>Cutting a job into shards: whole, interrupted anywhere, and by two at once.</summary>
public sealed class PlannerTests : IDisposable
{
    private readonly PlanningBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Images_below_the_prefix_are_cut_in_order_and_other_blobs_are_counted()
    {
        await _bench.AddAsync("set/b.jpg", "set/a.PNG", "set/c.webp", "set/d.jpeg", "set/e.png", "set/f.HEIC", "set/g.avif", "set/h.tiff", "set/notes.txt", "set/movie.mp4", "settle.png", "else/f.png");
        var job = await _bench.SubmitAsync(PlanningBench.Request("photos/set/"));
        var plan = await _bench.PlanAsync(job);
        Assert.Equal(new JobPlan { Shards = 4, Images = 8, OtherBlobs = 2 }, plan);
        Assert.Equal((string[])["set/a.PNG", "set/b.jpg", "set/c.webp", "set/d.jpeg", "set/e.png", "set/f.HEIC", "set/g.avif", "set/h.tiff"], await _bench.PlannedAsync(job.Id));
        Assert.Equal([0, 1, 2, 3], _bench.Sender.Sent);
        Assert.Equal(plan, await _bench.PlanAsync(job));
        Assert.Equal([0, 1, 2, 3], _bench.Sender.Sent);
    }

    [Fact]
    public async Task Shards_are_enqueued_while_the_listing_goes_on()
    {
        await _bench.AddAsync(Names(6));
        var job = await _bench.SubmitAsync(PlanningBench.Request());
        // The last shard cannot be written before the first is enqueued.
        var first = new TaskCompletionSource();
        _bench.Sender.Before = shard =>
        {
            if (shard == 0)
                first.SetResult();
            return Task.CompletedTask;
        };
        _bench.BeforeWrite = name => name == JobNames.Shard(job.Id, 2) ? first.Task.WaitAsync(JobFixture.Patience) : Task.CompletedTask;
        Assert.Equal(3, (await _bench.PlanAsync(job))!.Shards);
    }

    public static TheoryData<int> CrashPoints => new(Enumerable.Range(0, 9));

    [Theory]
    [MemberData(nameof(CrashPoints))]
    public async Task A_plan_that_was_interrupted_anywhere_is_finished_by_the_same_submit(int survived)
    {
        await _bench.AddAsync(Names(7));
        var steps = 0;
        Task Crash(string what) => steps++ == survived ? throw new IOException($"killed before {what}") : Task.CompletedTask;
        _bench.BeforeWrite = Crash;
        _bench.Sender.Before = shard => Crash(shard.ToString(CultureInfo.InvariantCulture));
        await Assert.ThrowsAsync<IOException>(async () => await _bench.PlanAsync(await _bench.SubmitAsync(PlanningBench.Request())));
        (_bench.BeforeWrite, _bench.Sender.Before) = (_ => Task.CompletedTask, _ => Task.CompletedTask);

        // A picture that came meanwhile, behind those that are planned.
        await _bench.AddAsync("zz.png");
        var job = await _bench.SubmitAsync(PlanningBench.Request());
        var plan = await _bench.PlanAsync(job);
        Assert.Equal((string[])[.. Names(7), "zz.png"], await _bench.PlannedAsync(job.Id));
        Assert.Equal(8, plan!.Images);
        Assert.Equal(Enumerable.Range(0, plan.Shards), _bench.Sender.Sent.Distinct().Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Two_planners_at_once_over_a_changing_listing_plan_no_image_twice_and_lose_none(int seed)
    {
        var names = Names(60);
        await _bench.AddAsync(names);
        var job = await _bench.SubmitAsync(PlanningBench.Request());
        var random = new Random(seed);
        var added = 0;
        _bench.BeforeWrite = async name =>
        {
            int pause, at;
            lock (random)
                (pause, at) = (random.Next(4), random.Next(60));
            for (var i = 0; i < pause; i++)
                await Task.Yield();
            if (pause == 0 && name.Contains("/shards/", StringComparison.Ordinal))
                await _bench.Images.WriteAsync(FormattableString.Invariant($"image-{at:00}-late-{Interlocked.Increment(ref added)}.png"), new byte[] { 1 }, WriteCondition.None, CancellationToken.None);
        };
        var plans = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => _bench.PlanAsync(job))));
        var planned = await _bench.PlannedAsync(job.Id);
        Assert.Equal(planned.Length, planned.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(names, planned.Where(name => !name.Contains("late", StringComparison.Ordinal)));
        Assert.Equal(plans[0], plans[1]);
        Assert.Equal(planned.Length, plans[0]!.Images);
        Assert.Equal(Enumerable.Range(0, plans[0]!.Shards), _bench.Sender.Sent.Distinct().Order());
    }

    [Fact]
    public async Task A_shard_that_has_results_is_not_enqueued_again()
    {
        await _bench.AddAsync(Names(6));
        var job = await _bench.SubmitAsync(PlanningBench.Request());
        _bench.BeforeWrite = name => name == JobNames.Plan(job.Id) ? throw new IOException("killed") : Task.CompletedTask;
        await Assert.ThrowsAsync<IOException>(() => _bench.PlanAsync(job));
        _bench.BeforeWrite = _ => Task.CompletedTask;
        await _bench.Stores.Jobs.CommitResultAsync(job.Id, 1, Results("image-02.png", "image-03.png"), CancellationToken.None);
        await _bench.PlanAsync(job);
        Assert.Equal([0, 1, 2, 0, 2], _bench.Sender.Sent);
    }

    [Fact]
    public async Task A_job_whose_shards_are_all_done_when_its_plan_is_written_is_complete()
    {
        await _bench.AddAsync(Names(4));
        var job = await _bench.SubmitAsync(PlanningBench.Request());
        _bench.Sender.Before = shard => _bench.Stores.Jobs.CommitResultAsync(job.Id, shard, Results($"image-0{2 * shard}.png", $"image-0{2 * shard + 1}.png"), CancellationToken.None);
        await _bench.PlanAsync(job);
        Assert.Equal(4, (await _bench.Stores.Jobs.ReadSummaryAsync(job.Id, CancellationToken.None))!.Labelled);
    }

    [Fact]
    public async Task A_cancelled_job_is_planned_no_further_and_a_retry_goes_on()
    {
        await _bench.AddAsync(Names(300));
        var job = await _bench.SubmitAsync(PlanningBench.Request() with { ShardSize = 1 });
        _bench.BeforeWrite = name => name == JobNames.Shard(job.Id, 50) ? _bench.Control.CancelAsync(job, CancellationToken.None) : Task.CompletedTask;
        Assert.Null(await _bench.PlanAsync(job));
        var before = (await _bench.PlannedAsync(job.Id)).Length;
        Assert.InRange(before, 51, 299);
        Assert.False(await _bench.Stores.Jobs.Store.ExistsAsync(JobNames.Plan(job.Id), CancellationToken.None));
        Assert.Null(await _bench.PlanAsync(job));
        Assert.Equal((300, 0), await _bench.Control.RetryAsync(job, failed: false, CancellationToken.None));
        Assert.Equal(Names(300), await _bench.PlannedAsync(job.Id));
    }

    [Fact]
    public async Task Outputs_of_jobs_in_the_container_of_the_images_are_not_labelled()
    {
        var store = _bench.Account.Container(PlanningBench.JobContainer);
        await _bench.Account.CreateContainerAsync(PlanningBench.JobContainer, CancellationToken.None);
        foreach (var name in new[] { "jobs/old/masks/a.png", "jobsite.png", "a.png" })
            await store.WriteAsync(name, new byte[] { 1 }, WriteCondition.None, CancellationToken.None);
        var job = await _bench.SubmitAsync(PlanningBench.Request(PlanningBench.JobContainer));
        var plan = await _bench.PlanAsync(job);
        Assert.Equal((string[])["a.png", "jobsite.png"], await _bench.PlannedAsync(job.Id));
        Assert.Equal(0, plan!.OtherBlobs);
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"image-{i.ToString(count > 100 ? "000" : "00", CultureInfo.InvariantCulture)}.png"))];

    private static IEnumerable<ImageResult> Results(params string[] images) => images.Select(image => new ImageResult { Image = image, Status = ImageStatus.Ok });
}
