namespace Sclip.Contracts.Jobs;

/// <summary>An image of a shard: a line of <c>shards/{shard}.jsonl</c>.</summary>
public sealed record ImageReference
{
    /// <summary>Its name in the input container.</summary>
    public required string Name { get; init; }

    /// <summary>Its size in bytes when the job was planned, where known.</summary>
    public long? Bytes { get; init; }

    /// <summary>The tag of its version when the job was planned, where known.</summary>
    public string? ETag { get; init; }

    /// <summary>Blobs that are no images between this image and the one before it, where there are any.</summary>
    public long? OthersBefore { get; init; }

    /// <summary>When it was last changed, where known.</summary>
    public DateTimeOffset? Modified { get; init; }
}
