using Sclip.Contracts.Board;

namespace Sclip.Contracts.Messages;

/// <summary>The event by which a worker shows that it is there and what it does. Short-lived: a lost one is made good by the next.</summary>
public sealed record WorkerReport
{
    /// <summary>The worker's name, as drafts and logs have it.</summary>
    public required string Worker { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>What it is about.</summary>
    public required WorkerPhase Phase { get; init; }

    /// <summary>Why it is not ready; null where it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Shards that it has in work.</summary>
    public required IReadOnlyList<ShardInWork> Shards { get; init; }

    /// <summary>Images done since it started.</summary>
    public required long Images { get; init; }

    /// <summary>Windows computed since it started.</summary>
    public required long Windows { get; init; }

    /// <summary>Windows a second while it had a shard in work, since it started; null while it has computed none, and where its version does not say.</summary>
    public double? WindowsPerSecond { get; init; }

    /// <summary>What jobs wait for at this worker, a line each; it takes other jobs meanwhile.</summary>
    public IReadOnlyList<string> Waits { get; init; } = [];

    /// <summary>Ids of the models in memory.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>What it computes on: <c>cpu</c>, <c>cuda:0</c>; empty where its version does not say.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Bytes of memory that its process has, as the system counts them; null where its version does not say.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The last deliveries that failed at it, the newest first.</summary>
    public IReadOnlyList<WorkerError> Errors { get; init; } = [];
}
