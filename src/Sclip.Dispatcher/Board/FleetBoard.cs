using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Catalog;

namespace Sclip.Dispatcher.Board;

/// <summary>What lists and sums tell of all jobs: from the catalogue, and of those that go on as they are at this moment.</summary>
/// <param name="board">The jobs in hand.</param>
/// <param name="catalog">All jobs.</param>
/// <param name="workers">The workers.</param>
/// <param name="options">The price of a worker's hour.</param>
/// <param name="time">The clock.</param>
internal sealed class FleetBoard(JobBoard board, JobCatalog catalog, WorkerBoard workers, DispatcherOptions options, TimeProvider time)
{
    /// <summary>Most jobs of an overview.</summary>
    public const int MostShown = 200;

    private (long Changes, IReadOnlyList<JobProgress> Jobs) _newest = (-1, []);
    private (long Changes, CatalogSums? Sums) _sums = (-1, null);

    /// <summary>A page of the jobs that a question admits.</summary>
    public JobPage Find(JobQuery query)
    {
        var inHand = board.Sync();
        var (jobs, total) = catalog.Find(query);
        return new JobPage { Jobs = [.. jobs.Select(job => inHand.GetValueOrDefault(job.Status.Id, job))], Total = total, Offset = query.Offset, Complete = board.IsComplete };
    }

    /// <summary>The jobs of an overview, their sums, and how many there are of each state; not to be called twice at a time.</summary>
    public (IReadOnlyList<JobProgress> Jobs, FleetSummary Fleet, IReadOnlyDictionary<JobState, int> States) Overview()
    {
        var inHand = board.Sync();
        var changes = catalog.Changes;
        if (_newest.Changes != changes)
            (_newest, _sums) = ((changes, catalog.NewestEnded(MostShown)), (changes, CatalogSums.Of(catalog)));
        JobProgress[] open = [.. inHand.Values.Where(job => !job.Status.State.HasEnded())];
        var shown = Newest(open).Take(MostShown).ToArray();
        return ([.. Newest(shown.Concat(_newest.Jobs.Take(MostShown - shown.Length)))], Sum(open, _sums.Sums!), _sums.Sums!.States);
    }

    private static IOrderedEnumerable<JobProgress> Newest(IEnumerable<JobProgress> jobs) => jobs.OrderByDescending(job => job.Status.Created).ThenBy(job => job.Status.Id, StringComparer.Ordinal);

    private FleetSummary Sum(JobProgress[] open, CatalogSums sums)
    {
        var there = workers.Workers();
        var rate = Math.Round(there.Sum(worker => worker.ImagesPerSecond ?? 0), 3);
        // What waits for its turn is come to at that rate; what waits for anything else is not.
        var moving = sums.Left - open.Where(job => job.Status is { State: JobState.Waiting, WaitsFor: not JobWaitKind.Turn }).Sum(job => Left(job.Status));
        int Of(JobState state) => sums.States.GetValueOrDefault(state);
        return new FleetSummary
        {
            Time = time.GetUtcNow(),
            Jobs = new JobCounts(Of(JobState.Planning), Of(JobState.Waiting), Of(JobState.Running), Of(JobState.Completed), Of(JobState.Failed), Of(JobState.Cancelled)),
            ImagesTotal = sums.Images,
            ImagesDone = sums.Labelled,
            ImagesFailed = sums.Failed,
            ImagesLeft = sums.Left,
            ImagesPerSecond = rate,
            SecondsLeft = rate > 0 && moving > 0 ? Math.Round(moving / rate) : null,
            Waiting = [.. open.Where(job => job.Status.State == JobState.Waiting).GroupBy(job => (job.Status.WaitsFor, Reason: Shared(job.Status)))
                .Select(group => new WaitSum(group.Key.Reason, group.Key.WaitsFor, group.Count(), group.Sum(job => Left(job.Status)))).OrderByDescending(sum => sum.Jobs).ThenBy(sum => sum.Reason, StringComparer.Ordinal)],
            Failures = sums.Failures,
            WorkerSeconds = Math.Round(sums.Seconds, 3),
            JobsUntimed = sums.Untimed,
            Cost = options.PricePerWorkerHour is { } price ? Math.Round(price * (decimal)sums.Seconds / 3600, 2) : null,
            PricePerWorkerHour = options.PricePerWorkerHour,
            Workers = there.Count,
            WorkersReady = there.Count(worker => worker.State == WorkerPhase.Ready),
            WorkersBusy = there.Count(worker => worker.Shards.Count > 0),
            Indexed = sums.States.Values.Sum(),
            Complete = board.IsComplete,
        };
    }

    private static string Shared(JobStatus status) => (status.Reason ?? "").Replace($"`sclip retry {status.Id}`", "`sclip retry JOB`", StringComparison.Ordinal);

    private static long Left(JobStatus status) => Math.Max(0, (status.Images ?? 0) - status.Labelled - status.Failed);
}
