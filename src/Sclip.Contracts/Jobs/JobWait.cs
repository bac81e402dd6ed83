namespace Sclip.Contracts.Jobs;

/// <summary>Why a worker has put shards of a job back: told for people, and good for a while only, since another may go on with the job.</summary>
public sealed record JobWait
{
    /// <summary>What is waited for, on one line.</summary>
    public required string Reason { get; init; }

    /// <summary>What kind of thing that is.</summary>
    public required JobWaitKind For { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When it is out of date.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Who wrote it.</summary>
    public string? Worker { get; init; }
}
