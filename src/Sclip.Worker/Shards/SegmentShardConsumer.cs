using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Messages;
using Sclip.Hosting.Messaging;
using Sclip.Hosting.Telemetry;
using Sclip.Storage.Jobs;

namespace Sclip.Worker.Shards;

/// <summary>Takes shards from the queue. A shard is acknowledged once it is committed, or once its rest is in the queue again.</summary>
public sealed class SegmentShardConsumer(ShardRunner runner, JobStores stores, JobCompletion completion, IShardSender sender, IShardObserver observer, WorkerLifetime lifetime)
    : IConsumer<SegmentShard>
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SegmentShard> context)
    {
        var message = context.Message;
        var job = await FindAsync(message, lifetime.Abort);
        SclipTelemetry.ShardAge.Record(Math.Max(0, (DateTimeOffset.UtcNow - message.Enqueued).TotalSeconds));
        SclipTelemetry.InFlight.Add(1);
        using var span = SclipTelemetry.Source.StartActivity("shard")?.SetTag("sclip.job", job.Id).SetTag("sclip.shard", message.Shard);
        var start = Stopwatch.GetTimestamp();
        var ended = "failed";
        try
        {
            var outcome = await runner.RunAsync(job, message.Shard, lifetime.Stop, lifetime.Abort);
            await FollowUpAsync(context, job, outcome);
            ended = JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString());
            observer.Ended(job, message.Shard, outcome);
        }
        catch (Exception error)
        {
            span?.SetStatus(ActivityStatusCode.Error, error.Message);
            observer.Failed(error);
            throw;
        }
        finally
        {
            SclipTelemetry.InFlight.Add(-1);
            SclipTelemetry.Shards.Add(1, new KeyValuePair<string, object?>("sclip.outcome", ended));
            SclipTelemetry.ShardDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    private async Task<JobDocument> FindAsync(SegmentShard message, CancellationToken cancellationToken)
    {
        if (message.Version != SegmentShard.CurrentVersion)
            throw new UnusableShardException($"The message is of version {message.Version}; this worker reads {SegmentShard.CurrentVersion}. Update it, then move the message back.");
        if (!JobNames.IsId(message.JobId) || message.Shard < 0)
            throw new UnusableShardException($"The message names job '{JobNames.Shown(message.JobId)}' and shard {message.Shard}, which cannot be.");
        try
        {
            return await stores.Jobs.ReadJobAsync(message.JobId, cancellationToken) ?? throw new UnusableShardException($"There is no job {message.JobId}.");
        }
        catch (JobDocumentException error)
        {
            throw new UnusableShardException(error.Message);
        }
    }

    private async Task FollowUpAsync(ConsumeContext<SegmentShard> context, JobDocument job, ShardOutcome outcome)
    {
        var shard = context.Message.Shard;
        if (outcome == ShardOutcome.Unfinished)
            await sender.SendAsync(job, shard, lifetime.Abort);
        if (outcome is not (ShardOutcome.Completed or ShardOutcome.WasDone))
            return;
        if (outcome == ShardOutcome.Completed)
            await context.Publish(new ShardCompleted { JobId = job.Id, Shard = shard }, lifetime.Abort);
        // Also where another delivery committed it: that one may have died before it asked.
        if (await completion.TryCompleteAsync(job, lifetime.Abort) is { } summary)
            await context.Publish(new JobCompleted { JobId = job.Id, Labelled = summary.Labelled, Failed = summary.Failed }, lifetime.Abort);
    }
}
