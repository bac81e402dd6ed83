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
        var (listed, total) = (new List<JobStatus>(), 0L);
        foreach (var head in await ReadHeadsAsync(filter, cancellationToken))
        {
            if (listed.Count == filter.Limit && filter.States.Count > 0)
                return new JobListing { Jobs = listed, HasMore = true };
            if (listed.Count == filter.Limit)
            {
                total++;
                continue;
            }
            var status = await ReadAsync(head, cancellationToken);
            if (!filter.Takes(status.State))
                continue;
            listed.Add(status);
            total++;
        }
        return new JobListing { Jobs = listed, Total = total, HasMore = total > listed.Count };
    }

    private async Task<IEnumerable<Head>> ReadHeadsAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        var heads = new List<Head>();
        var ids = session.Stores.Jobs.ListJobsAsync(cancellationToken).Where(id => !JobNames.IsPreview(id));
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (id, token) =>
        {
            if (await ReadHeadAsync(id, token) is { } head && filter.Finds(id, head.Job))
                lock (heads)
                    heads.Add(head);
        });
        return heads.OrderByDescending(head => head.Job?.Created ?? default).ThenBy(head => head.Id, StringComparer.Ordinal);
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
