namespace Sclip.Contracts.Messages;

/// <summary>The event that a shard's results were committed.</summary>
public sealed record ShardCompleted
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>The shard's number, from 0.</summary>
    public required int Shard { get; init; }
}
