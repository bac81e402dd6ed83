namespace Sclip.Cli.Models;

/// <summary>What <c>sclip model list</c> prints: the models on this machine.</summary>
internal sealed record ModelListing
{
    /// <summary>The folder of pulled models.</summary>
    public required string Folder { get; init; }

    public required IReadOnlyList<ListedModel> Models { get; init; }
}

/// <summary>A model on this machine.</summary>
internal sealed record ListedModel
{
    /// <summary><c>organisation/name</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Size of all its files in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The commit that was pulled; null where it was put there by hand.</summary>
    public string? Commit { get; init; }

    public required string Directory { get; init; }
}
