using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Logging;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Messages;
using Sclip.Hosting.Messaging;
using Sclip.Hosting.Telemetry;
using Sclip.Storage.Jobs;
using Sclip.Worker.Engines;
using Sclip.Worker.Reports;

namespace Sclip.Worker.Shards;

/// <summary>Takes shards from the queue. A shard is acknowledged once it is committed, or once its rest is in the queue again.</summary>
public sealed partial class SegmentShardConsumer(
    ShardRunner runner, JobStores stores, JobCompletion completion, IShardSender sender, IEngineSource engines, WaitingJobs waiting,
    IShardObserver observer, WorkerActivity activity, WorkerLifetime lifetime, ILogger<SegmentShardConsumer> logger, LateRedelivery? late = null)
    : IConsumer<SegmentShard>
{
    private const string Waiting = "waiting";
    private const string Free = "free";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SegmentShard> context)
    {
        var message = context.Message;
        Check(message);
        var waited = waiting.Find(message.JobId);
        var job = waited ?? await FindAsync(message, lifetime.Abort);
        if (IsPassedDown(context, job))
        {
            await sender.SendAsync(job, message.Shard, lifetime.Abort);
            return;
        }
        if (late is not null && engines.WhyNot(job) is { } hold && (waited is not null || await IsOpenAsync(job.Id, message.Shard)))
        {
            if (waited is null)
                waiting.Keep(job);
            await PutBackAsync(context, job, hold);
            return;
        }
        if (late is not null && LateRedelivery.DraftOf(context) is { } seen && await HeldAsync(message) is { } held && held != seen)
        {
            // Whoever took it over goes on with it.
            await late.PutBackAsync(context, held);
            return;
        }
        await LabelAsync(context, job);
    }

    /// <summary>Whether a shard came by the urgent queue whose job passes no others any more: it waits with its like.</summary>
    private static bool IsPassedDown(ConsumeContext context, JobDocument job) =>
        !job.IsUrgent() && context.ReceiveContext.InputAddress.AbsolutePath.EndsWith("/" + ShardQueues.Urgent, StringComparison.Ordinal);

    /// <summary>Whether there is anything to wait for: what is left of the messages of a job that has ended goes, and of a shard that is done.</summary>
    private async Task<bool> IsOpenAsync(string job, int shard) =>
        !await stores.Jobs.IsEndedAsync(job, lifetime.Abort) && !await stores.Jobs.Store.ExistsAsync(JobNames.Result(job, shard), lifetime.Abort);

    /// <summary>The version of a shard's draft that a delivery has in its hands; null where none has.</summary>
    private async Task<string?> HeldAsync(SegmentShard message) =>
        await stores.Jobs.ReadDraftAsync(message.JobId, message.Shard, lifetime.Abort) is { Head.Worker: not null } draft ? draft.ETag : null;

    private async Task LabelAsync(ConsumeContext<SegmentShard> context, JobDocument job)
    {
        var message = context.Message;
        SclipTelemetry.ShardAge.Record(Math.Max(0, (DateTimeOffset.UtcNow - message.Enqueued).TotalSeconds), new KeyValuePair<string, object?>("sclip.queue", ShardQueues.Of(job)));
        SclipTelemetry.InFlight.Add(1);
        using var work = activity.Begin(job.Id, message.Shard);
        observer.Began(job, message.Shard);
        using var span = SclipTelemetry.Source.StartActivity("shard")?.SetTag("sclip.job", job.Id).SetTag("sclip.shard", message.Shard);
        var start = Stopwatch.GetTimestamp();
        var ended = "failed";
        using var loss = new DeliveryLoss(context.ReceiveContext);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.Stop, loss.Token);
        try
        {
            var outcome = await runner.RunAsync(job, message.Shard, stop.Token, lifetime.Abort);
            await waiting.ClearAsync(job.Id, lifetime.Abort);
            await FollowUpAsync(context, job, outcome, loss.Token);
            ended = JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString());
            observer.Ended(job, message.Shard, outcome);
        }
        catch (ModelUnavailableException error) when (late is not null)
        {
            ended = Waiting;
            waiting.Keep(job);
            await PutBackAsync(context, job, error.Hold);
        }
        catch (Exception error)
        {
            span?.SetStatus(ActivityStatusCode.Error, error.Message);
            observer.Failed(error);
            activity.Fail(job.Id, message.Shard, error);
            throw;
        }
        finally
        {
            SclipTelemetry.InFlight.Add(-1);
            SclipTelemetry.Shards.Add(1, new KeyValuePair<string, object?>("sclip.outcome", ended));
            SclipTelemetry.ShardDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    /// <summary>Gives a shard back that cannot be begun now: others, of this job or of others, may go on.</summary>
    private async Task PutBackAsync(ConsumeContext<SegmentShard> context, JobDocument job, JobHold hold)
    {
        await waiting.TellAsync(job, hold, lifetime.Abort);
        await late!.PutBackAsync(context);
    }

    private static void Check(SegmentShard message)
    {
        if (message.Version != SegmentShard.CurrentVersion)
            throw new UnusableShardException($"The message is of version {message.Version}; this worker reads {SegmentShard.CurrentVersion}. Update it, then move the message back.");
        if (!JobNames.IsId(message.JobId) || message.Shard < 0)
            throw new UnusableShardException($"The message names job '{JobNames.Shown(message.JobId)}' and shard {message.Shard}, which cannot be.");
    }

    private async Task<JobDocument> FindAsync(SegmentShard message, CancellationToken cancellationToken)
    {
        try
        {
            return await stores.Jobs.ReadJobAsync(message.JobId, cancellationToken) ?? throw new UnusableShardException($"There is no job {message.JobId}.");
        }
        catch (JobDocumentException error)
        {
            throw new UnusableShardException(error.Message);
        }
    }

    private async Task FollowUpAsync(ConsumeContext<SegmentShard> context, JobDocument job, ShardOutcome outcome, CancellationToken lost)
    {
        var shard = context.Message.Shard;
        // A lost delivery is in the queue again already.
        if (outcome == ShardOutcome.Unfinished && !lost.IsCancellationRequested)
            await sender.SendAsync(job, shard, lifetime.Abort);
        // Who took it over may be a delivery that is lost, and leaves it: the one that is not answers for the shard until it is done.
        if (outcome == ShardOutcome.TakenOver && !lost.IsCancellationRequested && late is not null)
            await late.PutBackAsync(context, await HeldAsync(context.Message) ?? Free);
        if (outcome is not (ShardOutcome.Completed or ShardOutcome.WasDone))
            return;
        if (outcome == ShardOutcome.Completed)
            await TellAsync(context, new ShardCompleted { JobId = job.Id, Shard = shard }, lost);
        // Also where another delivery committed it: that one may have died before it asked.
        if (await completion.TryCompleteAsync(job, lifetime.Abort) is { } summary)
            await TellAsync(context, new JobCompleted { JobId = job.Id, Labelled = summary.Labelled, Failed = summary.Failed }, lost);
    }

    /// <summary>Publishes an event, if the broker takes it soon: what it tells stands in the blobs, and nothing waits for it.</summary>
    private async Task TellAsync<T>(ConsumeContext context, T told, CancellationToken lost)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(lost, lifetime.Abort);
        limit.CancelAfter(Patience);
        try
        {
            await context.Publish(told, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception error) when (!lifetime.Abort.IsCancellationRequested)
        {
            LogUntold(typeof(T).Name, error.Message);
        }
    }

    [LoggerMessage(30, LogLevel.Warning, "The event {Event} could not be published: {Reason}")]
    private partial void LogUntold(string @event, string reason);
}
