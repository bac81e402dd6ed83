using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Messages;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>What the board knows of jobs, and what it reads for that.</summary>
public sealed class JobBoardTests : IDisposable
{
    private readonly BoardBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task An_ended_job_is_read_once()
    {
        await _bench.CompleteAsync(await _bench.AddAsync("old"));
        await _bench.RefreshAsync();
        Assert.Equal((JobState.Completed, 4), (_bench.Progress[0].Status.State, _bench.Progress[0].Status.Labelled));
        Assert.Empty(await _bench.RefreshAsync());
        // With a listing, one look whether it has been taken up again.
        Assert.Equal(["jobs/", "jobs/old/summary.json"], await _bench.RefreshAsync(after: 6));
    }

    [Fact]
    public async Task Of_a_job_that_goes_on_only_what_is_new_is_read()
    {
        await _bench.AddAsync("run");
        await _bench.CommitAsync("run", 0);
        await _bench.RefreshAsync();
        await _bench.CommitAsync("run", 1, failed: true);
        var read = await _bench.RefreshAsync();
        Assert.DoesNotContain("jobs/run/job.json", read);
        Assert.DoesNotContain("jobs/run/results/00000.jsonl", read);
        Assert.Contains("jobs/run/results/00001.jsonl", read);
        var status = Assert.Single(_bench.Progress).Status;
        Assert.Equal((2, 3, 1), (status.ShardsDone, status.Labelled, status.Failed));
    }

    [Fact]
    public async Task A_job_whose_reading_takes_long_is_read_less_often()
    {
        await _bench.AddAsync("huge");
        _bench.Store.Before = name => _bench.Time.Advance(name == "jobs/huge/results/" ? 3 : 0);
        await _bench.RefreshAsync();
        Assert.DoesNotContain("jobs/huge/results/", await _bench.RefreshAsync(after: 20));
        Assert.Contains("jobs/huge/results/", await _bench.RefreshAsync(after: 8));
    }

    [Fact]
    public async Task The_newest_jobs_come_first_and_older_ones_only_while_they_go_on()
    {
        await _bench.AddAsync("oldest-runs", hour: 0);
        for (var i = 1; i <= 205; i++)
            await _bench.Jobs.CancelAsync((await _bench.AddAsync($"job-{i:000}", hour: i)).Id, default);
        await _bench.RefreshAsync();
        string[] expected = [.. Enumerable.Range(7, 199).Reverse().Select(i => $"job-{i:000}"), "oldest-runs"];
        Assert.Equal(expected, _bench.Shown);
        Assert.Equal((1, 205), (_bench.States[JobState.Waiting], _bench.States[JobState.Cancelled]));
    }

    [Fact]
    public async Task Of_a_job_that_was_cancelled_the_results_are_counted_once()
    {
        for (var i = 0; i < 201; i++)
        {
            await _bench.AddAsync($"job-{i:000}", hour: i);
            await _bench.CommitAsync($"job-{i:000}", 0, failed: true);
            await _bench.Jobs.CancelAsync($"job-{i:000}", default);
        }
        Assert.Contains("jobs/job-000/results/00000.jsonl", await _bench.RefreshAsync());
        var fleet = _bench.Fleet.Overview().Fleet;
        Assert.Equal((201, 201, 0, true), (fleet.ImagesDone, fleet.ImagesFailed, fleet.ImagesLeft, fleet.Complete));
        Assert.Equal(new FailureSum("unreadable", 201, 201), Assert.Single(fleet.Failures));
        Assert.DoesNotContain(await _bench.RefreshAsync(after: 6), name => name.Contains("/results/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Previews_are_in_no_list_but_may_be_asked_for()
    {
        await _bench.AddAsync("preview-1");
        await _bench.AddAsync("real");
        await _bench.RefreshAsync();
        Assert.Equal(["real"], _bench.Shown);
        Assert.Equal(4, (await _bench.Board.ReadAsync("preview-1", default)).Images);
        await _bench.RefreshAsync();
        Assert.Equal(["real"], _bench.Shown);
        Assert.Equal(1, _bench.States.Values.Sum());
    }

    [Fact]
    public async Task The_rate_is_that_of_the_last_minute_and_the_time_left_follows_from_it()
    {
        await _bench.AddAsync("run", shards: 100);
        await _bench.RefreshAsync();
        Assert.Null(_bench.Progress[0].ImagesPerSecond);
        for (var shard = 0; shard < 10; shard++)
        {
            await _bench.CommitAsync("run", shard);
            await _bench.RefreshAsync(after: 4);
        }
        var fast = _bench.Progress[0];
        Assert.Equal((0.5, 360.0), (fast.ImagesPerSecond, fast.SecondsLeft));
        for (var second = 0; second < 70; second++)
            await _bench.RefreshAsync();
        var still = _bench.Progress[0];
        Assert.Equal((0.0, null, 70L), (still.ImagesPerSecond, still.SecondsLeft, still.IdleSeconds));
    }

    [Theory]
    [InlineData(1, JobWaitKind.Turn, 2.0)]
    [InlineData(0, JobWaitKind.Worker, null)]
    public async Task The_time_left_of_all_is_without_images_that_wait_for_more_than_their_turn(int workers, JobWaitKind kind, double? seconds)
    {
        await _bench.AddAsync("waits");
        _bench.Look = new([new QueueState { Name = "segment-shard", Shards = 2, Workers = workers }], null, []);
        for (var images = 0; images <= 120; images += 10)
        {
            _bench.Workers.Hear(new WorkerReport { Worker = "a", Started = _bench.Time.GetUtcNow(), Version = "1.0.0", Phase = WorkerPhase.Ready, Shards = [], Images = images, Windows = 0, Models = [] });
            _bench.Time.Advance(5);
        }
        await _bench.RefreshAsync();
        var fleet = _bench.Fleet.Overview().Fleet;
        Assert.Equal((kind, 4L), (Assert.Single(fleet.Waiting).For, fleet.ImagesLeft));
        Assert.Equal((2.0, seconds), (fleet.ImagesPerSecond, fleet.SecondsLeft));
    }

    [Fact]
    public async Task A_retry_past_this_service_is_noticed()
    {
        await _bench.Jobs.CancelAsync((await _bench.AddAsync("again")).Id, default);
        await _bench.RefreshAsync();
        Assert.Equal(JobState.Cancelled, _bench.Progress[0].Status.State);
        Assert.Null(_bench.Progress[0].IdleSeconds);
        await _bench.Store.DeleteAsync(JobNames.Cancelled("again"), default);
        await _bench.RefreshAsync(after: 6);
        await _bench.RefreshAsync();
        Assert.Equal(JobState.Waiting, _bench.Progress[0].Status.State);
    }

    [Fact]
    public async Task An_event_of_an_ended_job_has_it_read_again()
    {
        var job = await _bench.AddAsync("again");
        await _bench.CompleteAsync(job);
        await _bench.RefreshAsync();
        await _bench.Store.DeleteAsync(JobNames.Summary("again"), default);
        await _bench.Store.DeleteAsync(JobNames.Result("again", 1), default);
        await _bench.RefreshAsync();
        Assert.Equal(JobState.Completed, _bench.Progress[0].Status.State);
        _bench.Board.Touch("again");
        await _bench.RefreshAsync();
        Assert.Equal((JobState.Waiting, 1), (_bench.Progress[0].Status.State, _bench.Progress[0].Status.ShardsDone));
    }

    [Fact]
    public async Task A_job_with_a_damaged_document_is_shown_as_failed_and_the_others_as_they_are()
    {
        await _bench.AddAsync("good");
        await _bench.Store.WriteAsync("jobs/bad/job.json", "{"u8.ToArray(), WriteCondition.None, default);
        await _bench.RefreshAsync();
        Assert.Equal(["good", "bad"], _bench.Shown);
        Assert.Contains("jobs/bad/job.json", _bench.Progress[1].Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_for_a_job_with_a_damaged_document_is_refused_also_when_the_list_has_just_taken_note_of_it()
    {
        await _bench.AddAsync("bad-plan");
        await _bench.Store.WriteAsync("jobs/bad-plan/plan.json", "{"u8.ToArray(), WriteCondition.None, default);
        await _bench.Store.WriteAsync("jobs/bad/job.json", "{"u8.ToArray(), WriteCondition.None, default);
        await _bench.RefreshAsync();
        Assert.Equal(["bad-plan", "bad"], _bench.Shown);
        for (var again = 0; again < 2; again++)
        {
            Assert.Equal(JobRequestFault.Conflict, (await Assert.ThrowsAsync<JobRequestException>(() => _bench.Board.ReadAsync("bad", default))).Fault);
            await Assert.ThrowsAsync<JobDocumentException>(() => _bench.Board.ReadAsync("bad-plan", default));
        }
        // Nobody asks: what is damaged is not read again and again.
        Assert.DoesNotContain("jobs/bad/job.json", await _bench.RefreshAsync());
        await _bench.Jobs.Store.DeleteAsync("jobs/bad-plan/plan.json", default);
        Assert.Equal(JobState.Planning, (await _bench.Board.ReadAsync("bad-plan", default)).State);
    }

    [Fact]
    public async Task A_job_that_may_not_be_read_is_named_and_passed_over_until_it_may()
    {
        await _bench.CompleteAsync(await _bench.AddAsync("denied-later", hour: 2));
        await _bench.RefreshAsync();
        _bench.Store.Before = name => _ = name is "jobs/denied/job.json" or "jobs/denied-later/summary.json" ? throw new BlobStoreException(BlobStoreFault.Denied, $"{name} may not be read.") : 0;
        foreach (var id in (string[])["denied", "good", "next"])
            await _bench.AddAsync(id);
        await _bench.RefreshAsync(after: 6);
        Assert.Equal(["denied-later", "good", "next"], _bench.Shown);
        Assert.Equal("2 jobs cannot be read, and are passed over until they can; the first is denied: jobs/denied/job.json may not be read.", _bench.Board.Problem);
        // Others are read as ever, and these are left alone for a while.
        await _bench.CommitAsync("good", 0);
        Assert.DoesNotContain("jobs/denied/job.json", await _bench.RefreshAsync(after: 6));
        Assert.Equal(1, _bench.Progress.Single(job => job.Status.Id == "good").Status.ShardsDone);
        _bench.Store.Before = _ => { };
        await _bench.RefreshAsync(after: 31);
        Assert.Equal(["denied-later", "denied", "good", "next"], _bench.Shown);
        Assert.Null(_bench.Board.Problem);
    }

    [Fact]
    public async Task A_job_of_which_the_results_may_not_be_read_does_not_keep_the_others_from_being_counted()
    {
        for (var i = 0; i < 70; i++)
        {
            await _bench.CommitAsync((await _bench.AddAsync($"job-{i:00}", hour: i)).Id, 0);
            await _bench.Jobs.CancelAsync($"job-{i:00}", default);
        }
        // The newest, which come first.
        _bench.Store.Before = name => _ = string.CompareOrdinal(name, "jobs/job-05/") > 0 && name.EndsWith("/results/00000.jsonl", StringComparison.Ordinal) ? throw new BlobStoreException(BlobStoreFault.Denied, "No.") : 0;
        await _bench.RefreshAsync();
        Assert.StartsWith("65 jobs cannot be read", _bench.Board.Problem, StringComparison.Ordinal);
        Assert.Equal((10, false), (_bench.Fleet.Overview().Fleet.ImagesDone, _bench.Board.IsComplete));
    }

    [Fact]
    public async Task While_the_store_does_not_answer_what_was_known_stays()
    {
        await _bench.AddAsync("run");
        await _bench.RefreshAsync();
        _bench.Store.Before = _ => throw new BlobStoreException(BlobStoreFault.Unavailable, "The store is away.");
        await Assert.ThrowsAsync<BlobStoreException>(() => _bench.RefreshAsync());
        Assert.Equal(["run"], _bench.Shown);
        _bench.Store.Before = _ => { };
        await _bench.CommitAsync("run", 0);
        await _bench.RefreshAsync();
        Assert.Equal(1, _bench.Progress[0].Status.ShardsDone);
    }

    [Fact]
    public async Task A_job_that_is_deleted_leaves_the_list()
    {
        await _bench.AddAsync("gone");
        await _bench.RefreshAsync();
        Directory.Delete(_bench.FolderOf("gone"), recursive: true);
        await _bench.RefreshAsync(after: 6);
        Assert.Empty(_bench.Shown);
    }
}
