using Sclip.Contracts.Jobs;
using Sclip.Dispatcher;
using Sclip.Dispatcher.Control;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary>Lists jobs from their blobs, without a dispatcher: no more of them is read than a filter needs.</summary>
internal sealed class StoredJobs(JobSession session)
{
    private const int ReadsAtOnce = 16;
    private readonly JobWatch _watch = new();

    /// <summary>The jobs that a filter takes, the newest first.</summary>
    public async Task<JobListing> ListAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        var heads = await ReadHeadsAsync(filter, cancellationToken);
        var (limit, listed, next) = (filter.Limit ?? heads.Length, new List<JobStatus>(), 0);
        // As many as are wanted at least; where states are asked for and few have them, more at a time.
        for (var count = limit; next < heads.Length && listed.Count < limit; count *= 2)
        {
            var some = heads[next..(int)Math.Min(heads.Length, next + (long)count)];
            next += some.Length;
            listed.AddRange((await ReadAsync(some, cancellationToken)).Where(status => filter.Takes(status.State)));
        }
        long? total = filter.States.Count == 0 ? heads.Length : next == heads.Length ? listed.Count : null;
        return new JobListing { Jobs = [.. listed.Take(limit)], Total = total, HasMore = listed.Count > limit || next < heads.Length };
    }

    /// <summary>Where jobs stand, in their order.</summary>
    private async Task<JobStatus[]> ReadAsync(Head[] heads, CancellationToken cancellationToken)
    {
        var statuses = new JobStatus[heads.Length];
        await Parallel.ForAsync(0, heads.Length, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (i, token) => statuses[i] = await ReadAsync(heads[i], token));
        return statuses;
    }

    private async Task<Head[]> ReadHeadsAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        var heads = new List<Head>();
        var ids = session.Stores.Jobs.ListJobsAsync(cancellationToken).Where(id => !JobNames.IsPreview(id));
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (id, token) =>
        {
            if (await ReadHeadAsync(id, token) is { } head && filter.Finds(id, head.Job))
                lock (heads)
                    heads.Add(head);
        });
        return [.. heads.OrderByDescending(head => head.Job?.Created ?? default).ThenBy(head => head.Id, StringComparer.Ordinal)];
    }

    /// <summary>A job's document; null where there is none, as a submit leaves it that went no further.</summary>
    private async Task<Head?> ReadHeadAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return new Head(id, await session.Control.FindAsync(id, cancellationToken), null);
        }
        catch (JobRequestException error)
        {
            return error.Fault == JobRequestFault.NotFound ? null : new Head(id, null, error.Message);
        }
    }

    private async Task<JobStatus> ReadAsync(Head head, CancellationToken cancellationToken)
    {
        if (head.Job is not { } job)
            return JobControl.Unusable(head.Id, head.Problem!);
        try
        {
            return await _watch.ReadAsync(new JobReader(session.Stores.Jobs, job), job, cancellationToken);
        }
        catch (JobDocumentException error)
        {
            return JobControl.Unusable(head.Id, error.Message);
        }
    }

    /// <param name="Id">The job's id.</param>
    /// <param name="Job">Its document; null where it cannot be used.</param>
    /// <param name="Problem">Why not.</param>
    private sealed record Head(string Id, JobDocument? Job, string? Problem);
}
