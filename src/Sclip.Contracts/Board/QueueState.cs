namespace Sclip.Contracts.Board;

/// <summary>A queue of shards.</summary>
public sealed record QueueState
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Shards that wait in it, without those that workers have.</summary>
    public required long Shards { get; init; }

    /// <summary>Workers that take from it.</summary>
    public required int Workers { get; init; }
}
