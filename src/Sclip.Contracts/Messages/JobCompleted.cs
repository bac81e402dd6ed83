namespace Sclip.Contracts.Messages;

/// <summary>The event that all shards of a job have results; its summary is written.</summary>
public sealed record JobCompleted
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>Images that were labelled.</summary>
    public required long Labelled { get; init; }

    /// <summary>Images that failed.</summary>
    public required long Failed { get; init; }
}
