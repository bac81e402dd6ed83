using System.Diagnostics;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Control;

/// <summary>Reads where a job stands from its blobs; kept while a job is watched, it reads only what is new.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="job">The job.</param>
public sealed class JobReader(JobBlobs jobs, JobDocument job)
{
    private const int DraftsAtOnce = 16;

    // A worker is between two shards for a moment: a job that has just moved does not wait.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private readonly JobTally _tally = new(jobs, job.Id);
    private (int Shards, int Results)? _seen;
    private long? _moved;

    /// <summary>
    /// Reads where the job stands. What one waits for is said where its blobs say it; <see cref="WaitReason"/> finds it in the queues.
    /// </summary>
    public async Task<JobStatus> ReadAsync(CancellationToken cancellationToken)
    {
        // First what ends a job: what is counted afterwards is never less than that promises.
        if (await jobs.ReadSummaryAsync(job.Id, cancellationToken) is { } summary && await jobs.ReadPlanAsync(job.Id, cancellationToken) is { } planned)
            return Completed(job, summary, planned.Shards);
        var failure = await jobs.ReadFailureAsync(job.Id, cancellationToken);
        var cancelled = await jobs.Store.ExistsAsync(JobNames.Cancelled(job.Id), cancellationToken);
        var plan = await jobs.ReadPlanAsync(job.Id, cancellationToken);
        var drafts = await ReadDraftsAsync(cancellationToken);
        await _tally.RefreshAsync(cancellationToken);
        var open = drafts.Where(draft => !_tally.Has(draft.Shard)).ToArray();
        var done = open.SelectMany(draft => draft.Results).ToArray();
        string[] workers = [.. open.Select(draft => draft.Head.Worker).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var state = failure is not null ? JobState.Failed : cancelled ? JobState.Cancelled : plan is null ? JobState.Planning
            : IsMoving(workers.Length > 0, done.Length) || _tally.Shards == plan.Shards ? JobState.Running : JobState.Waiting;
        var wait = state == JobState.Waiting && await jobs.ReadWaitAsync(job.Id, cancellationToken) is { } note && note.Until > DateTimeOffset.UtcNow ? note : null;
        var labelled = _tally.Labelled + done.Count(result => result.Status == ImageStatus.Ok);
        var byFeatures = _tally.ByFeatures + done.Count(result => result.IsByFeatures);
        return new JobStatus
        {
            Id = job.Id,
            Name = job.Name,
            FeaturesOf = job.FeaturesOf,
            KeepFeatures = job.Settings.KeepFeatures,
            State = state,
            Reason = failure?.Reason ?? wait?.Reason,
            WaitsFor = wait?.For,
            Created = job.Created,
            Shards = plan?.Shards ?? await CountShardsAsync(cancellationToken),
            ShardsDone = _tally.Shards,
            Images = plan?.Images,
            Labelled = labelled,
            ByFeatures = job.FeaturesOf is null ? null : byFeatures,
            ByPixels = job.FeaturesOf is null ? null : labelled - byFeatures,
            Failed = _tally.Failed + done.Count(result => result.Status == ImageStatus.Failed),
            Windows = _tally.Windows + done.Sum(result => (long)(result.Windows ?? 0)),
            WorkerSeconds = Math.Round(_tally.WorkerSeconds + done.Sum(result => result.WorkerSeconds), 3),
            Workers = workers,
            Failures = _tally.Failures,
            Warnings = Warnings(job, _tally.Pixels, _tally.Labelled),
            Pixels = _tally.Pixels,
        };
    }

    /// <summary>Whether a job goes on, or how it ended: what <see cref="ReadAsync"/> says of it, without reading its results.</summary>
    public static async Task<JobState> ReadStateAsync(JobBlobs jobs, string id, CancellationToken cancellationToken)
    {
        if (await jobs.Store.ExistsAsync(JobNames.Summary(id), cancellationToken))
            return JobState.Completed;
        if (await jobs.Store.ExistsAsync(JobNames.Failed(id), cancellationToken))
            return JobState.Failed;
        if (await jobs.Store.ExistsAsync(JobNames.Cancelled(id), cancellationToken))
            return JobState.Cancelled;
        return await jobs.Store.ExistsAsync(JobNames.Plan(id), cancellationToken) ? JobState.Running : JobState.Planning;
    }

    private bool IsMoving(bool inWork, int results)
    {
        var now = (_tally.Shards, results);
        if (inWork || (_seen is { } before && before != now))
            _moved = Stopwatch.GetTimestamp();
        _seen = now;
        return _moved is { } moved && Stopwatch.GetElapsedTime(moved) < Pause;
    }

    /// <summary>Where a complete job stands.</summary>
    public static JobStatus Completed(JobDocument job, JobSummary summary, int shards) => new()
    {
        Id = job.Id,
        Name = job.Name,
        FeaturesOf = job.FeaturesOf,
        KeepFeatures = job.Settings.KeepFeatures,
        State = JobState.Completed,
        Created = job.Created,
        Completed = summary.Completed,
        Shards = shards,
        ShardsDone = shards,
        Images = summary.Images,
        Labelled = summary.Labelled,
        ByFeatures = summary.ByFeatures,
        ByPixels = summary.ByPixels,
        Failed = summary.Failed,
        Windows = summary.Windows,
        WorkerSeconds = summary.WorkerSeconds,
        Failures = summary.Failures,
        Warnings = Warnings(job, summary.Pixels, summary.Labelled),
        Pixels = summary.Pixels,
    };

    private static IReadOnlyList<string> Warnings(JobDocument job, IReadOnlyDictionary<string, long> pixels, long pictures) => [.. job.LabelNotes ?? [], .. LabelWarnings.Of(job.Labels, pixels, pictures)];

    private async Task<int> CountShardsAsync(CancellationToken cancellationToken) => await jobs.ListShardsAsync(JobNames.Shards(job.Id), cancellationToken).CountAsync(cancellationToken);

    private async Task<List<(int Shard, ShardDraft Head, IReadOnlyList<ImageResult> Results)>> ReadDraftsAsync(CancellationToken cancellationToken)
    {
        var drafts = new List<(int, ShardDraft, IReadOnlyList<ImageResult>)>();
        var shards = jobs.ListShardsAsync(JobNames.Drafts(job.Id), cancellationToken);
        await Parallel.ForEachAsync(shards, new ParallelOptions { MaxDegreeOfParallelism = DraftsAtOnce, CancellationToken = cancellationToken }, async (shard, token) =>
        {
            if (await jobs.ReadDraftAsync(job.Id, shard, token) is { } draft)
                lock (drafts)
                    drafts.Add((shard, draft.Head, draft.Results));
        });
        return drafts;
    }
}
