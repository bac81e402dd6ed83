namespace Sclip.Contracts.Places;

/// <summary>What lies in a container, below what the names of a job's images would begin with.</summary>
public sealed record PlaceView
{
    /// <summary>The container.</summary>
    public required string Container { get; init; }

    /// <summary>What the names begin with; may be empty, and need not end with '/'.</summary>
    public required string Prefix { get; init; }

    /// <summary>The folders whose names begin with it, directly in the folder that it lies in.</summary>
    public required IReadOnlyList<Place> Folders { get; init; }

    /// <summary>Whether these are all of them.</summary>
    public required bool FoldersComplete { get; init; }

    /// <summary>Pictures whose names begin with the prefix, at all depths.</summary>
    public required long Images { get; init; }

    /// <summary>Other files among them.</summary>
    public required long Others { get; init; }

    /// <summary>Whether all were counted; false where there are more than are counted.</summary>
    public required bool Complete { get; init; }

    /// <summary>Whole names of the first pictures.</summary>
    public required IReadOnlyList<string> Samples { get; init; }
}
