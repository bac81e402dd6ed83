using System.Globalization;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Messaging;

namespace Sclip.Dispatcher.Control;

/// <summary>Tells what a job waits for.</summary>
public static class WaitReason
{
    private const int JobsNamed = 3;

    // A worker's report is at most a second behind what it writes.
    private static readonly TimeSpan ReportLag = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The same where a job waits, with the reason; a job whose shard a worker has, though nothing of it is written yet, runs, and one that has moved a moment
    /// ago, or whose blobs name a worker, waits where all workers that report are at other jobs.
    /// </summary>
    /// <param name="status">Where the job stands, from its blobs.</param>
    /// <param name="urgent">Whether its shards pass the others.</param>
    /// <param name="look">What is known of queues and workers.</param>
    /// <param name="still">Time since anything of the job changed; null where that is not known.</param>
    public static JobStatus Explain(JobStatus status, bool urgent, QueueLook look, TimeSpan? still = null)
    {
        if (status.State == JobState.Running && IsLeft(status, urgent, look))
            status = status with { State = JobState.Waiting };
        if (status.State == JobState.Running && status.ShardsDone < status.Shards && IsPassedOver(status, look, still))
            status = status with { State = JobState.Waiting, Workers = [] };
        if (status.State != JobState.Waiting)
            return status;
        if (look.Workers?.Where(worker => worker.Shards.Any(shard => shard.Job == status.Id)).Select(worker => worker.Name).ToArray() is [_, ..] workers && status.WaitsFor is null)
            return status with { State = JobState.Running, Workers = workers };
        var (kind, reason) = Of(status, urgent, look);
        return status with { WaitsFor = kind, Reason = reason };
    }

    /// <summary>Whether only workers had a shard of it that are gone: nothing takes from its queue, and none of them reports.</summary>
    private static bool IsLeft(JobStatus status, bool urgent, QueueLook look) =>
        status.Workers.Count > 0 && look.Queues.FirstOrDefault(queue => queue.Name == (urgent ? ShardQueues.Urgent : ShardQueues.Bulk)) is { Workers: 0 }
        && !(look.Workers?.Any(worker => status.Workers.Contains(worker.Name)) ?? false);

    /// <summary>
    /// Whether no worker has a shard of it: all are at others. One that has none may be between two shards of this job; one that the blobs name may have
    /// begun a moment ago, and reported before.
    /// </summary>
    private static bool IsPassedOver(JobStatus status, QueueLook look, TimeSpan? still) =>
        look is { Problem: null, Workers: { Count: > 0 } workers }
        && workers.All(worker => worker.Shards.All(shard => shard.Job != status.Id))
        && (status.Workers.Count == 0 ? workers.All(worker => worker.Shards.Count > 0) : still > ReportLag);

    private static (JobWaitKind? Kind, string Reason) Of(JobStatus status, bool urgent, QueueLook look)
    {
        if (look.Problem is { } problem)
            return (JobWaitKind.Broker, problem);
        var name = urgent ? ShardQueues.Urgent : ShardQueues.Bulk;
        if (look.Queues.FirstOrDefault(queue => queue.Name == name) is not { } own)
            return status.Reason is { } known ? (status.WaitsFor, known) : (null, "no worker has a shard of it in work.");
        if (own.Workers == 0)
            return (JobWaitKind.Worker, NoWorker(name, own.Shards, look.Workers));
        if (status is { WaitsFor: { } kind, Reason: { } reason })
            return (kind, reason);
        // Urgent shards come first, and so stand before those of the other queue.
        var errors = Sum(look, queue => queue == ShardQueues.ErrorsOf(name));
        var beside = errors > 0 ? $" {Shards(errors)} of this or other jobs were given up and lie in {ShardQueues.ErrorsOf(name)}: `sclip retry {status.Id}` if this goes on." : "";
        if (own.Shards > 0)
            return (JobWaitKind.Turn, Turn(own, urgent ? 0 : Sum(look, queue => queue == ShardQueues.Urgent), look.Workers) + beside);
        if (Sum(look, queue => queue.StartsWith(name + "_later_", StringComparison.Ordinal)) is > 0 and var late)
            return (JobWaitKind.Retry, $"its next try: {Shards(late)} of {name}, of this or other jobs, {(late == 1 ? "comes" : "come")} again within minutes; workers' logs say why.{beside}");
        return errors > 0
            ? (JobWaitKind.Operator, $"{Shards(errors)}, its own likely among them, were given up and lie in {ShardQueues.ErrorsOf(name)}, each with its reason: mend that, then `sclip retry {status.Id}`.")
            : (JobWaitKind.Operator, $"none of its shards waits in a queue, and no worker has said to have one: one may be loading its model; if this goes on, `sclip retry {status.Id}` enqueues what is missing.");
    }

    private static string NoWorker(string queue, long shards, IReadOnlyList<WorkerState>? workers) => workers?.FirstOrDefault(worker => worker.Reason is not null) is { } starting
        ? $"no worker takes shards from {queue}; {starting.Name} is {starting.State.ToString().ToLowerInvariant()}: {starting.Reason}"
        : $"no worker takes shards from {queue}, where {Shards(shards)} {(shards == 1 ? "waits" : "wait")}: start one, or see why none starts.";

    private static string Turn(QueueState own, long before, IReadOnlyList<WorkerState>? workers)
    {
        var busy = workers?.SelectMany(worker => worker.Shards).Select(shard => shard.Job).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray() ?? [];
        var at = busy.Length == 0 ? "" : $" (at {string.Join(", ", busy.Take(JobsNamed))}{(busy.Length > JobsNamed ? $" and {busy.Length - JobsNamed} more" : "")})";
        return $"its turn: {Shards(own.Shards)} {(own.Shards == 1 ? "waits" : "wait")} in {own.Name}{(before > 0 ? $", {Shards(before)} of urgent jobs before them" : "")}, for {own.Workers} {(own.Workers == 1 ? "worker" : "workers")}{at}.";
    }

    private static long Sum(QueueLook look, Func<string, bool> of) => look.Queues.Where(queue => of(queue.Name)).Sum(queue => queue.Shards);

    private static string Shards(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "shard" : "shards")}");
}
