namespace Sclip.Contracts.Jobs;

/// <summary>Why no worker can do a job.</summary>
public sealed record JobFailure
{
    /// <summary>What is wrong, and what to do.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was found.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who found it.</summary>
    public string? Worker { get; init; }
}
