using Sclip.Contracts.Board;

namespace Sclip.Contracts.Messages;

/// <summary>The event by which a worker shows that it is there and what it does. Short-lived: a lost one is made good by the next.</summary>
public sealed record WorkerReport : WorkerFacts
{
    /// <summary>The worker's name, as drafts and logs have it.</summary>
    public required string Worker { get; init; }

    /// <summary>Whether it starts, takes shards or stops.</summary>
    public required WorkerPhase Phase { get; init; }

    /// <inheritdoc cref="WorkerDetail.MemoryBytes" />
    public long? MemoryBytes { get; init; }

    /// <inheritdoc cref="WorkerDetail.Errors" />
    public IReadOnlyList<WorkerError> Errors { get; init; } = [];
}
