namespace Sclip.Contracts.Board;

/// <summary>What the dispatcher knows of jobs, workers and queues at one time.</summary>
public sealed record Overview
{
    /// <summary>The time.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>
    /// At most 200 jobs, those that have not ended before the others, of each kind the newest; here the newest first, and without the pixels of their
    /// classes, which each job's own status has.
    /// </summary>
    public required IReadOnlyList<JobProgress> Jobs { get; init; }

    /// <summary>Workers that have reported lately, by name.</summary>
    public required IReadOnlyList<WorkerState> Workers { get; init; }

    /// <summary>The queues of shards; empty while the broker does not answer.</summary>
    public required IReadOnlyList<QueueState> Queues { get; init; }

    /// <summary>Why queues and workers are not known; null where they are.</summary>
    public string? Broker { get; init; }

    /// <summary>Why jobs are not known as they are now; null where they are.</summary>
    public string? Store { get; init; }

    /// <summary>Jobs in all, also those that are not among <see cref="Jobs"/>.</summary>
    public required int JobsTotal { get; init; }

    /// <summary>All jobs and workers in sums; null while no job is read yet.</summary>
    public FleetSummary? Fleet { get; init; }
}
