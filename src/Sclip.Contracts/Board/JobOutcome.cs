using Sclip.Contracts.Jobs;

namespace Sclip.Contracts.Board;

/// <summary>What became of a request for one of several jobs.</summary>
public sealed record JobOutcome
{
    /// <summary>The job.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it was done.</summary>
    public required bool Ok { get; init; }

    /// <summary>Why it was not, and what to do; null where it was.</summary>
    public string? Problem { get; init; }

    /// <summary>Where the job stands now; null where it was not done.</summary>
    public JobStatus? Status { get; init; }
}
