using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Board;
using Sclip.Dispatcher.Cache;
using Sclip.Dispatcher.Catalog;
using Sclip.Testing;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>The catalogue of all jobs, which may be lost at any time.</summary>
public sealed class CatalogTests : IDisposable
{
    private readonly BoardBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_catalogue_that_was_kept_is_held_against_the_blobs()
    {
        await _bench.CompleteAsync(await _bench.AddAsync("same"));
        var again = await _bench.AddAsync("done-again");
        await _bench.CompleteAsync(again);
        await _bench.CompleteAsync(await _bench.AddAsync("open-again"));
        await _bench.CompleteAsync(await _bench.AddAsync("gone"));
        await _bench.AddAsync("goes-on");
        await _bench.RefreshAsync();

        // While no dispatcher is there: results are taken back, and in one case done again.
        foreach (var id in (string[])["done-again", "open-again"])
        {
            await _bench.Store.DeleteAsync(JobNames.Summary(id), default);
            await _bench.Store.DeleteAsync(JobNames.Result(id, 1), default);
        }
        await _bench.CommitAsync("done-again", 1, failed: true);
        Assert.NotNull(await new Storage.Jobs.JobCompletion(_bench.Jobs).TryCompleteAsync(again, default));
        Directory.Delete(_bench.FolderOf("gone"), recursive: true);
        await _bench.Jobs.CancelAsync("goes-on", default);

        var (board, fleet) = _bench.Another();
        _bench.Store.Take();
        await board.RefreshAsync(default);
        Assert.Equal(
            [("done-again", JobState.Completed, 1), ("goes-on", JobState.Cancelled, 0), ("open-again", JobState.Waiting, 0), ("same", JobState.Completed, 0)],
            fleet.Find(new JobQuery { Sort = JobSort.Name, Descending = false }).Jobs.Select(job => (job.Status.Id, job.Status.State, (int)job.Status.Failed)));
        Assert.DoesNotContain("jobs/same/job.json", _bench.Store.Take());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_damaged_file_and_one_of_another_store_are_made_anew(bool isDamaged)
    {
        using var folder = new TemporaryFolder();
        await _bench.CompleteAsync(await _bench.AddAsync("one"));
        using (var file = new CatalogFile(folder.Path, "a"))
            new JobCatalog(file).Put([new CatalogRow(JobFacts.Unknown.Progress(Control.JobControl.Unusable("foreign", "x")), JobWords.Of("foreign"), IsCounted: true)]);
        if (isDamaged)
            await File.WriteAllBytesAsync(folder["jobs.sqlite"], [.. Enumerable.Repeat((byte)7, 5000)], TestContext.Current.CancellationToken);
        using var again = new CatalogFile(folder.Path, isDamaged ? "a" : "b");
        Assert.Empty(new JobCatalog(again).Ids());
        using var same = new CatalogFile(folder.Path, isDamaged ? "a" : "b");
        new JobCatalog(same).Put([new CatalogRow(JobFacts.Unknown.Progress(Control.JobControl.Unusable("own", "x")), JobWords.Of("own"), IsCounted: true)]);
        using var kept = new CatalogFile(folder.Path, isDamaged ? "a" : "b");
        Assert.Equal("own", Assert.Single(new JobCatalog(kept).Ids()));
    }

    [Fact]
    public async Task A_file_that_is_spoilt_while_it_is_in_use_is_made_anew_from_the_blobs()
    {
        await _bench.CompleteAsync(await _bench.AddAsync("one"));
        await _bench.RefreshAsync();
        _bench.Catalog.Use(connection => connection.Rows("DROP TABLE jobs", row => 0));
        Assert.True(Assert.Throws<CacheException>(() => _bench.Fleet.Find(new JobQuery())).IsLost);
        await _bench.RefreshAsync();
        Assert.Equal(["one"], _bench.Shown);
    }

    [Fact]
    public async Task A_file_that_takes_nothing_for_a_while_is_kept_and_what_came_meanwhile_is_put_in_once_it_does()
    {
        await _bench.CompleteAsync(await _bench.AddAsync("one"));
        await _bench.RefreshAsync();
        _bench.Catalog.Use(connection => connection.Rows("CREATE TRIGGER full BEFORE INSERT ON documents BEGIN SELECT RAISE(ABORT, 'The disk is full.'); END", row => 0));
        await _bench.AddAsync("two");
        var error = await Assert.ThrowsAsync<CacheException>(() => _bench.RefreshAsync(after: 6));
        Assert.False(error.IsLost);
        Assert.Contains("jobs.sqlite", error.Message, StringComparison.Ordinal);
        Assert.Contains("The disk is full", error.Message, StringComparison.Ordinal);
        Assert.Equal("The list of all jobs", Assert.Throws<CacheException>(() => _bench.Fleet.Find(new JobQuery())).Message[..20]);
        Assert.Equal(["one"], _bench.Catalog.Ids());
        _bench.Catalog.Use(connection => connection.Rows("DROP TRIGGER full", row => 0));
        Assert.Equal(2, _bench.Fleet.Find(new JobQuery { Search = "demo/model" }).Total);
        Assert.DoesNotContain("jobs/one/job.json", await _bench.RefreshAsync());
    }

    [Fact]
    public async Task A_file_that_is_deleted_while_it_is_in_use_is_made_anew()
    {
        await _bench.CompleteAsync(await _bench.AddAsync("one"));
        await _bench.RefreshAsync();
        _bench.DeleteCatalog();
        await _bench.RefreshAsync();
        Assert.Equal(["one"], _bench.Shown);
    }

    [Fact]
    public async Task Sums_are_of_what_is_there_and_money_follows_from_the_time()
    {
        var job = await _bench.AddAsync("timed");
        await _bench.Jobs.CommitResultAsync("timed", 0, [Result("a", 1_000), Result("b", 2_500)], default);
        await _bench.Jobs.CommitResultAsync("timed", 1, [Result("c", 500), Result("d", 7_996_000)], default);
        await new Storage.Jobs.JobCompletion(_bench.Jobs).TryCompleteAsync(job, default);
        await _bench.AddAsync("half", shards: 3);
        await _bench.CommitAsync("half", 0, failed: true);
        await _bench.RefreshAsync();
        var fleet = _bench.Fleet.Overview().Fleet;
        Assert.Equal((8000.0, 4.00m, 1.80m), (fleet.WorkerSeconds, fleet.Cost, fleet.PricePerWorkerHour));
        Assert.Equal((10, 5, 1, 4), (fleet.ImagesTotal, fleet.ImagesDone, fleet.ImagesFailed, fleet.ImagesLeft));
        Assert.Equal((1, 1, 2, true), (fleet.Jobs.Completed, fleet.Jobs.Waiting, fleet.Indexed, fleet.Complete));

        static Contracts.ImageResult Result(string image, double milliseconds) =>
            new() { Image = image, Status = Contracts.ImageStatus.Ok, Timings = new(Fetch: 9_999, Decode: milliseconds / 4, Segment: milliseconds / 2, Encode: milliseconds / 4, Upload: 9_999) };
    }

    [Fact]
    public async Task What_jobs_wait_for_is_summed_up_over_jobs()
    {
        foreach (var id in (string[])["a", "b", "c"])
            await _bench.AddAsync(id);
        _bench.Look = new([new() { Name = "segment-shard", Shards = 0, Workers = 1 }, new() { Name = "segment-shard_error", Shards = 2, Workers = 0 }], null, []);
        await _bench.RefreshAsync();
        var wait = Assert.Single(_bench.Fleet.Overview().Fleet.Waiting);
        Assert.Equal((JobWaitKind.Operator, 3, 12), (wait.For, wait.Jobs, wait.ImagesLeft));
        Assert.EndsWith("mend that, then `sclip retry JOB`.", wait.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ended_jobs_are_not_held_in_memory()
    {
        await _bench.CompleteAsync(await _bench.AddAsync("ended"));
        await _bench.AddAsync("open");
        await _bench.RefreshAsync();
        Assert.Equal(["open"], _bench.Board.Sync().Keys);
        await _bench.Board.ReadAsync("ended", default);
        Assert.Equal(["ended", "open"], _bench.Board.Sync().Keys.Order());
        await _bench.RefreshAsync(after: 301);
        Assert.Equal(["open"], _bench.Board.Sync().Keys);
        await _bench.Jobs.CancelAsync("open", default);
        await _bench.RefreshAsync();
        Assert.Empty(_bench.Board.Sync());
        Assert.Equal(2, _bench.Fleet.Find(new JobQuery()).Total);
    }

    [Fact]
    public async Task A_priority_that_was_changed_past_this_service_is_seen()
    {
        await _bench.AddAsync("open");
        await _bench.RefreshAsync();
        await _bench.Jobs.WritePriorityAsync("open", new JobPriority { Priority = 7, Changed = DateTimeOffset.UtcNow }, default);
        await _bench.RefreshAsync();
        Assert.Equal(7, Assert.Single(_bench.Progress).Priority);
        Assert.Equal(1, _bench.Fleet.Find(new JobQuery { Urgent = true }).Total);
        Assert.Equal(7, (await _bench.Jobs.ReadJobAsync("open", default))!.Priority);
    }

    [Fact]
    public async Task A_job_that_was_not_counted_yet_is_not_called_running()
    {
        for (var i = 0; i < 3; i++)
            await _bench.CommitAsync((await _bench.AddAsync($"job-{i}")).Id, 0);
        await _bench.RefreshAsync();
        Assert.Equal(3, _bench.States[JobState.Waiting]);
        Assert.False(_bench.States.ContainsKey(JobState.Running));
    }
}
