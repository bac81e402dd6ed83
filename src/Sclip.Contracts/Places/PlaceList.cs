namespace Sclip.Contracts.Places;

/// <summary>The containers of an account, and what may be put into them.</summary>
public sealed record PlaceList
{
    /// <summary>The containers, by name.</summary>
    public required IReadOnlyList<Place> Places { get; init; }

    /// <summary>Whether these are all; false where there are more than are told.</summary>
    public required bool Complete { get; init; }

    /// <summary>What an upload may be.</summary>
    public required UploadLimits Upload { get; init; }
}
