using System.Runtime.CompilerServices;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Planning;
using Sclip.Hosting.Messaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Control;

/// <summary>Plans, cancels and retries jobs.</summary>
/// <param name="stores">The stores.</param>
/// <param name="images">Finds a job's images.</param>
/// <param name="planner">Cuts jobs into shards.</param>
/// <param name="sender">Enqueues shards.</param>
/// <param name="completion">Looks whether all is done already.</param>
public sealed class JobControl(JobStores stores, JobImages images, JobPlanner planner, IShardSender sender, JobCompletion completion)
{
    private JobBlobs Jobs => stores.Jobs;

    /// <summary>Finds a job.</summary>
    /// <exception cref="JobRequestException">There is none of that id.</exception>
    public async Task<JobDocument> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!JobNames.IsId(id))
            throw new JobRequestException(JobRequestFault.Invalid, $"'{JobNames.Shown(id)}' is no job id: 1 to 63 of a-z, 0-9 and '-'.");
        try
        {
            return await Jobs.ReadJobAsync(id, cancellationToken) ?? throw new JobRequestException(JobRequestFault.NotFound, $"There is no job {id}.");
        }
        catch (JobDocumentException error)
        {
            throw new JobRequestException(JobRequestFault.Conflict, error.Message, error);
        }
    }

    /// <summary>Cuts a job into shards and enqueues them, or goes on where that was interrupted.</summary>
    /// <returns>The plan; null where the job was cancelled meanwhile.</returns>
    public async Task<JobPlan?> PlanAsync(JobDocument job, IProgress<JobPlan>? progress, CancellationToken cancellationToken)
    {
        if (await Jobs.ReadPlanAsync(job.Id, cancellationToken) is { } there)
            return there;
        var rest = 0L;
        return await planner.PlanAsync(
            job,
            after => images.StreamAsync(job, after, others => rest = others, cancellationToken),
            () => rest,
            progress,
            cancellationToken);
    }

    /// <summary>Cancels a job: workers leave its shards. What is labelled stays.</summary>
    /// <exception cref="JobRequestException">It is complete already.</exception>
    public async Task CancelAsync(JobDocument job, CancellationToken cancellationToken)
    {
        if (await Jobs.Store.ExistsAsync(JobNames.Summary(job.Id), cancellationToken))
            throw new JobRequestException(JobRequestFault.Conflict, $"Job {job.Id} is complete; there is nothing to cancel.");
        await Jobs.CancelAsync(job.Id, cancellationToken);
    }

    /// <summary>
    /// Changes a job's priority. Where it passes others now, or does not any more, its shards without results are enqueued once more, where they belong now; asked
    /// for the priority that it has, this finishes what was interrupted, and else does nothing.
    /// </summary>
    /// <returns>The job as it is now.</returns>
    /// <exception cref="JobRequestException">The priority is none, or the job has ended.</exception>
    public async Task<JobDocument> PrioritizeAsync(JobDocument job, int priority, CancellationToken cancellationToken)
    {
        JobRequestCheck.CheckPriority(priority);
        if ((await JobReader.ReadStateAsync(Jobs, job.Id, cancellationToken)) is var state && state.HasEnded())
            throw new JobRequestException(JobRequestFault.Conflict, state == JobState.Completed
                ? $"Job {job.Id} is complete; there is nothing that its priority would decide."
                : $"Job {job.Id} has ended ({state.ToString().ToLowerInvariant()}). Retry it first, then change its priority.");
        var isMoving = await Jobs.ReadMovingPriorityAsync(job.Id, cancellationToken) is not null;
        if (priority == job.Priority && !isMoving)
            return job;
        var now = job with { Priority = priority };
        var change = new JobPriority { Priority = priority, Changed = DateTimeOffset.UtcNow, Moving = isMoving || now.IsUrgent() != job.IsUrgent() ? true : null };
        var tag = await Jobs.WritePriorityAsync(job.Id, change, cancellationToken);
        // Of a job that is being planned, the planner looks when it has planned.
        if (change.Moving is not null && await Jobs.ReadPlanAsync(job.Id, cancellationToken) is { } plan)
        {
            await EnqueueAsync(now, plan, failed: false, cancellationToken);
            await Jobs.SettlePriorityAsync(job.Id, change, tag, cancellationToken);
        }
        return now;
    }

    /// <summary>Lets workers take the shards of a job again that was cancelled, or that no worker could do; none is enqueued.</summary>
    /// <returns>The plan; null where the job is yet to be planned to its end.</returns>
    public async Task<JobPlan?> ReopenAsync(JobDocument job, CancellationToken cancellationToken)
    {
        await Jobs.Store.DeleteAsync(JobNames.Cancelled(job.Id), cancellationToken);
        await Jobs.Store.DeleteAsync(JobNames.Failed(job.Id), cancellationToken);
        return await Jobs.ReadPlanAsync(job.Id, cancellationToken);
    }

    /// <summary>Lists all jobs by id, without previews. One whose documents cannot be used is failed, with the reason; what a submit left that went no further is none.</summary>
    /// <param name="after">Only ids behind this one, where given.</param>
    /// <param name="read">Reads where a job stands.</param>
    /// <param name="cancellationToken">Checked between jobs.</param>
    public async IAsyncEnumerable<JobStatus> ListAsync(string? after, Func<string, Task<JobStatus>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // All ids before the first: a store that goes by whole names lists 'night-2/' before 'night/', and one with folders does not.
        foreach (var id in (await Jobs.ListJobsAsync(cancellationToken).ToListAsync(cancellationToken)).Order(StringComparer.Ordinal))
            if (!JobNames.IsPreview(id) && (after is null || string.CompareOrdinal(id, after) > 0) && await TryReadAsync(id, read) is { } status)
                yield return status;
    }

    private static async Task<JobStatus?> TryReadAsync(string id, Func<string, Task<JobStatus>> read)
    {
        try
        {
            return await read(id);
        }
        catch (JobRequestException error) when (error.Fault == JobRequestFault.NotFound)
        {
            return null;
        }
        // One that may not be read must not end the list of the others.
        catch (Exception error) when (error is JobRequestException or JobDocumentException or BlobStoreException { Fault: not BlobStoreFault.Unavailable })
        {
            return Unusable(id, error.Message);
        }
    }

    /// <summary>Where a job stands whose documents cannot be used.</summary>
    public static JobStatus Unusable(string id, string? reason) =>
        new() { Id = id, State = JobState.Failed, Reason = reason, Created = default, Shards = 0, ShardsDone = 0, Labelled = 0, Failed = 0, Windows = 0 };

    /// <summary>Enqueues the shards that have no results, also of a job that was cancelled or that no worker could do.</summary>
    /// <param name="job">The job.</param>
    /// <param name="failed">Whether images that failed are labelled again, too.</param>
    /// <param name="cancellationToken">Checked between shards.</param>
    /// <returns>Shards enqueued, and failed images among them.</returns>
    public async Task<(int Shards, long Images)> RetryAsync(JobDocument job, bool failed, CancellationToken cancellationToken)
    {
        if (await ReopenAsync(job, cancellationToken) is { } plan)
            return await EnqueueAsync(job, plan, failed, cancellationToken);
        var shards = 0;
        await PlanAsync(job, new ShardCount(count => shards = count), cancellationToken);
        return (shards, 0);
    }

    /// <summary>Enqueues the shards of a planned job that have no results; see <see cref="RetryAsync"/>.</summary>
    /// <returns>Shards enqueued, and failed images among them.</returns>
    public async Task<(int Shards, long Images)> EnqueueAsync(JobDocument job, JobPlan plan, bool failed, CancellationToken cancellationToken)
    {
        var (shards, taken) = (0, 0L);
        for (var shard = 0; shard < plan.Shards; shard++)
        {
            if (failed)
                taken += await TakeBackAsync(job, shard, cancellationToken);
            if (await Jobs.Store.ExistsAsync(JobNames.Result(job.Id, shard), cancellationToken))
                continue;
            await sender.SendAsync(job, shard, cancellationToken);
            shards++;
        }
        if (shards == 0)
            await completion.TryCompleteAsync(job, cancellationToken);
        return (shards, taken);
    }

    /// <summary>
    /// Turns a committed shard with failed images back into a draft that holds the others. The draft is written before the results go, so
    /// that whenever this ends, no label is lost.
    /// </summary>
    private async Task<int> TakeBackAsync(JobDocument job, int shard, CancellationToken cancellationToken)
    {
        if (await Jobs.ReadResultAsync(job.Id, shard, cancellationToken) is not { } results || results.All(result => result.Status == ImageStatus.Ok))
            return 0;
        var good = results.Where(result => result.Status == ImageStatus.Ok).ToArray();
        var draft = await Jobs.ReadDraftAsync(job.Id, shard, cancellationToken);
        if (await Jobs.WriteDraftAsync(job.Id, shard, new ShardDraft(), good, draft?.ETag, cancellationToken) is null)
            throw new JobRequestException(JobRequestFault.Conflict, $"Shard {shard} of job {job.Id} is in work; try again later.");
        await Jobs.Store.DeleteAsync(JobNames.Summary(job.Id), cancellationToken);
        await Jobs.Store.DeleteAsync(JobNames.Result(job.Id, shard), cancellationToken);
        // A worker that counted the results a moment ago may have written it once more.
        await Jobs.Store.DeleteAsync(JobNames.Summary(job.Id), cancellationToken);
        return results.Count - good.Length;
    }

    private sealed class ShardCount(Action<int> report) : IProgress<JobPlan>
    {
        public void Report(JobPlan value) => report(value.Shards);
    }
}
