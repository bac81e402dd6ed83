namespace Sclip.Contracts.Places;

/// <summary>What an upload from a browser may be; <c>sclip upload</c> knows no such limits.</summary>
public sealed record UploadLimits
{
    /// <summary>Most bytes of a picture.</summary>
    public required long Bytes { get; init; }

    /// <summary>Most pictures of a folder.</summary>
    public required int Files { get; init; }

    /// <summary>How the names of pictures end.</summary>
    public required IReadOnlyList<string> Endings { get; init; }
}
