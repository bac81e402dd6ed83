namespace Sclip.Contracts.Board;

/// <summary>A worker and what it has reported since this dispatcher started.</summary>
public sealed record WorkerDetail
{
    /// <summary>Its last report, also of one that is gone.</summary>
    public required WorkerState Worker { get; init; }

    /// <summary>Bytes of memory that its process has, as the system counts them; null where its version does not say.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The last deliveries that failed at it, the newest first.</summary>
    public IReadOnlyList<WorkerError> Errors { get; init; } = [];

    /// <summary>How fast it was, minute by minute over the last hours, the oldest first.</summary>
    public IReadOnlyList<WorkerRate> History { get; init; } = [];

    /// <summary>The last shards that it had or has in work, the newest first.</summary>
    public IReadOnlyList<RecentShard> RecentShards { get; init; } = [];
}
