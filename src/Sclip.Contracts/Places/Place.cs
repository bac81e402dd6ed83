namespace Sclip.Contracts.Places;

/// <summary>A container, or a folder in one.</summary>
public sealed record Place
{
    /// <summary>Its name; of a folder without what is above it, and without '/'.</summary>
    public required string Name { get; init; }

    /// <summary>Why no images are taken from it; null where they are.</summary>
    public string? Refusal { get; init; }
}
