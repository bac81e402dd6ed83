namespace Sclip.Contracts.Reviews;

/// <summary>The corrections of a shard's images.</summary>
public sealed record CorrectionDocument
{
    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the document.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The corrections, by the names of the images.</summary>
    public required IReadOnlyDictionary<string, Correction> Images { get; init; }
}
