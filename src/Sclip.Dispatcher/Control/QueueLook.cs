using Sclip.Contracts.Board;

namespace Sclip.Dispatcher.Control;

/// <summary>What is known of queues and workers, to tell from it what a job waits for.</summary>
/// <param name="Queues">The queues of shards; empty where they are not known.</param>
/// <param name="Problem">Why the queues are not known; null where they are.</param>
/// <param name="Workers">Workers that have reported lately; null where nobody listens to them.</param>
public sealed record QueueLook(IReadOnlyList<QueueState> Queues, string? Problem, IReadOnlyList<WorkerState>? Workers);
