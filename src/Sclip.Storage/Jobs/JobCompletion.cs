using System.Collections.Concurrent;
using Sclip.Contracts.Jobs;

namespace Sclip.Storage.Jobs;

/// <summary>
/// Writes the summary of a job whose last shard was committed. Whoever commits a shard asks; of several that commit the last ones at once,
/// each looks after its own commit, so that one of them sees all results.
/// </summary>
/// <param name="blobs">The jobs.</param>
public sealed class JobCompletion(JobBlobs blobs)
{
    private const int JobsRemembered = 256;

    // All shards before this one were seen to be done: over a job's life each shard is asked for about once.
    private readonly ConcurrentDictionary<string, int> _firstOpen = new(StringComparer.Ordinal);

    /// <summary>Writes the summary where all shards have results.</summary>
    /// <returns>The summary, where this call wrote it.</returns>
    public async Task<JobSummary?> TryCompleteAsync(JobDocument job, CancellationToken cancellationToken)
    {
        if (await blobs.ReadPlanAsync(job.Id, cancellationToken) is not { } plan)
            return null;
        var open = _firstOpen.GetValueOrDefault(job.Id);
        while (open < plan.Shards && await blobs.Store.ExistsAsync(JobNames.Result(job.Id, open), cancellationToken))
            open++;
        if (_firstOpen.Count >= JobsRemembered)
            _firstOpen.Clear();
        _firstOpen[job.Id] = open;
        if (open < plan.Shards || await blobs.Store.ExistsAsync(JobNames.Summary(job.Id), cancellationToken))
            return null;
        var tally = new JobTally(blobs, job.Id);
        await tally.RefreshAsync(cancellationToken);
        // Results may have been taken back to be done again since they were seen.
        if (tally.Shards < plan.Shards)
        {
            _firstOpen.TryRemove(job.Id, out _);
            return null;
        }
        var summary = new JobSummary
        {
            Images = tally.Labelled + tally.Failed,
            Labelled = tally.Labelled,
            ByFeatures = job.FeaturesOf is null ? null : tally.ByFeatures,
            ByPixels = job.FeaturesOf is null ? null : tally.Labelled - tally.ByFeatures,
            Failed = tally.Failed,
            Windows = tally.Windows,
            WorkerSeconds = Math.Round(tally.WorkerSeconds, 3),
            Pixels = tally.Pixels,
            Failures = tally.Failures,
            Created = job.Created,
            Completed = DateTimeOffset.UtcNow,
        };
        // What a worker noted that has died since.
        await blobs.Store.DeleteAsync(JobNames.Waiting(job.Id), cancellationToken);
        return await blobs.CreateSummaryAsync(job.Id, summary, cancellationToken) ? summary : null;
    }
}
