namespace Sclip.Contracts.Jobs;

/// <summary>How a job was cut: written once all its shards are.</summary>
public sealed record JobPlan
{
    /// <summary>Number of shards.</summary>
    public required int Shards { get; init; }

    /// <summary>Images of all shards.</summary>
    public required long Images { get; init; }

    /// <summary>Blobs below the prefix that are no images by their endings.</summary>
    public long OtherBlobs { get; init; }
}
