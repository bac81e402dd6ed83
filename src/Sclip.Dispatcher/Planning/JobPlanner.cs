using System.Diagnostics;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Messaging;
using Sclip.Hosting.Telemetry;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Planning;

/// <summary>
/// Cuts a job into shards and enqueues each as soon as it is written, while the listing goes on. Run again, or run twice at once, it goes
/// on from the shards that are there: each is written by whoever is first, and the images behind its last one follow.
/// </summary>
/// <param name="jobs">The jobs.</param>
/// <param name="completion">Looks whether all is done already.</param>
/// <param name="sender">Enqueues shards.</param>
public sealed class JobPlanner(JobBlobs jobs, JobCompletion completion, IShardSender sender)
{
    private const int SendsAtOnce = 64;
    private const int ShardsBetweenLooks = 100;

    /// <summary>Plans a job to its end.</summary>
    /// <param name="job">The job, written already.</param>
    /// <param name="images">Its images, in the same order each time, those behind a name only where one is given.</param>
    /// <param name="rest">Blobs behind the last image that are none, asked for at the end.</param>
    /// <param name="progress">Hears how many shards and images there are.</param>
    /// <param name="cancellationToken">Checked between shards.</param>
    /// <returns>The plan; null where the job was cancelled meanwhile.</returns>
    /// <exception cref="Storage.BlobStoreException">A store does not answer; what is planned stays so, and the same call goes on.</exception>
    public async Task<JobPlan?> PlanAsync(
        JobDocument job, Func<string?, IAsyncEnumerable<ImageReference>> images, Func<long> rest, IProgress<JobPlan>? progress, CancellationToken cancellationToken)
    {
        // In the background, where no request is current, the trace is the submit's all the same.
        using var span = SclipTelemetry.Source.StartActivity("plan", ActivityKind.Internal, Activity.Current?.Id ?? job.TraceParent)?.SetTag("sclip.job", job.Id);
        var cut = new Cut(job, progress);
        do
        {
            if (cut.Ended = await jobs.IsEndedAsync(job.Id, cancellationToken))
                break;
            await AdoptAsync(cut, cancellationToken);
        }
        while (!await ContinueAsync(cut, images(cut.Last), cancellationToken));
        await Task.WhenAll(cut.Sends);
        if (cut.Ended)
            return null;
        var plan = new JobPlan { Shards = cut.Shards, Images = cut.Images, OtherBlobs = cut.Others + rest() };
        if (!await jobs.CreatePlanAsync(job.Id, plan, cancellationToken))
            plan = await jobs.ReadPlanAsync(job.Id, cancellationToken) ?? plan;
        await MoveAsync(job, plan, cancellationToken);
        await completion.TryCompleteAsync(job, cancellationToken);
        return plan;
    }

    /// <summary>Enqueues the shards once more where the job's priority was changed meanwhile, so that they are in the other queue: who changed it found no plan to go by.</summary>
    private async Task MoveAsync(JobDocument job, JobPlan plan, CancellationToken cancellationToken)
    {
        if (await jobs.ReadMovingPriorityAsync(job.Id, cancellationToken) is not var (changed, tag))
            return;
        var cut = new Cut(job with { Priority = changed.Priority }, progress: null);
        for (var shard = 0; shard < plan.Shards; shard++)
            if (!await jobs.Store.ExistsAsync(JobNames.Result(job.Id, shard), cancellationToken))
                await SendAsync(cut, shard, cancellationToken);
        await Task.WhenAll(cut.Sends);
        await jobs.SettlePriorityAsync(job.Id, changed, tag, cancellationToken);
    }

    /// <summary>Takes over the shards that are written already, and wakes workers for those without results.</summary>
    private async Task AdoptAsync(Cut cut, CancellationToken cancellationToken)
    {
        while (await jobs.ReadShardAsync(cut.Job.Id, cut.Shards, cancellationToken) is { } shard)
        {
            if (!await jobs.Store.ExistsAsync(JobNames.Result(cut.Job.Id, cut.Shards), cancellationToken))
                await SendAsync(cut, cut.Shards, cancellationToken);
            cut.Add(shard);
        }
    }

    /// <summary>Writes shards to the end of the images; false where another planner wrote the next one first.</summary>
    private async Task<bool> ContinueAsync(Cut cut, IAsyncEnumerable<ImageReference> images, CancellationToken cancellationToken)
    {
        var shard = new List<ImageReference>(cut.Job.ShardSize);
        await foreach (var image in images.WithCancellation(cancellationToken))
        {
            shard.Add(image);
            if (shard.Count < cut.Job.ShardSize)
                continue;
            if (!await WriteAsync(cut, shard, cancellationToken))
                return false;
            shard.Clear();
            if (cut.Shards % ShardsBetweenLooks == 0 && await jobs.IsEndedAsync(cut.Job.Id, cancellationToken))
            {
                cut.Ended = true;
                return true;
            }
        }
        return shard.Count == 0 || await WriteAsync(cut, shard, cancellationToken);
    }

    /// <summary>Shards are written one after the other: were a later one there before it is known whose the earlier one is, images could be in both.</summary>
    private async Task<bool> WriteAsync(Cut cut, List<ImageReference> shard, CancellationToken cancellationToken)
    {
        if (!await jobs.CreateShardAsync(cut.Job.Id, cut.Shards, shard, cancellationToken))
            return false;
        await SendAsync(cut, cut.Shards, cancellationToken);
        cut.Add(shard);
        return true;
    }

    /// <summary>Messages, unlike shards, may overtake each other: many wait for the broker's confirmation at once.</summary>
    private async Task SendAsync(Cut cut, int shard, CancellationToken cancellationToken)
    {
        if (cut.Sends.Count == SendsAtOnce)
        {
            await Task.WhenAll(cut.Sends);
            cut.Sends.Clear();
        }
        cut.Sends.Add(sender.SendAsync(cut.Job, shard, cancellationToken));
    }

    /// <summary>How far a job is cut.</summary>
    private sealed class Cut(JobDocument job, IProgress<JobPlan>? progress)
    {
        public JobDocument Job => job;

        public int Shards { get; private set; }

        public long Images { get; private set; }

        public long Others { get; private set; }

        public string? Last { get; private set; }

        public bool Ended { get; set; }

        public List<Task> Sends { get; } = [];

        public void Add(IReadOnlyList<ImageReference> shard)
        {
            Shards++;
            Images += shard.Count;
            Others += shard.Sum(image => image.OthersBefore ?? 0);
            Last = shard[^1].Name;
            progress?.Report(new JobPlan { Shards = Shards, Images = Images });
        }
    }
}
