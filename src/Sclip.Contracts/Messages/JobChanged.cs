namespace Sclip.Contracts.Messages;

/// <summary>
/// The event that somebody has submitted a job, cancelled it, taken it up again or changed its priority through a dispatcher, so that the others look at it. A
/// wake-up only: a lost one is made good by the next look at the job's blobs.
/// </summary>
public sealed record JobChanged
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }
}
