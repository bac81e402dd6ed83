namespace Sclip.Contracts.Reviews;

/// <summary>The reviews of a shard's images.</summary>
public sealed record ReviewDocument
{
    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the document.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The reviews, by the names of the images.</summary>
    public required IReadOnlyDictionary<string, ReviewEntry> Images { get; init; }
}
