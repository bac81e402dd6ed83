namespace Sclip.Contracts.Reviews;

/// <summary>What people made of a shard's images: a document of reviews, or of corrections.</summary>
public sealed record ShardEntries<TEntry>
{
    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the document.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The entries, by the names of the images.</summary>
    public required IReadOnlyDictionary<string, TEntry> Images { get; init; }
}
