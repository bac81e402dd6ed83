namespace Sclip.Contracts.Messages;

/// <summary>
/// The command to label a shard. A wake-up only: what there is to do stands in the job's blobs, so losing or doubling one harms nothing.
/// </summary>
public sealed record SegmentShard
{
    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the message.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>The shard's number, from 0.</summary>
    public required int Shard { get; init; }

    /// <summary>When it was enqueued.</summary>
    public required DateTimeOffset Enqueued { get; init; }
}
