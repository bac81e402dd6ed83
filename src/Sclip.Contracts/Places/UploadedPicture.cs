namespace Sclip.Contracts.Places;

/// <summary>A picture that was put into a container.</summary>
public sealed record UploadedPicture
{
    /// <summary>The container.</summary>
    public required string Container { get; init; }

    /// <summary>Its name there.</summary>
    public required string Name { get; init; }

    /// <summary>Its bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Whether it was there already with the same content.</summary>
    public required bool WasThere { get; init; }
}
