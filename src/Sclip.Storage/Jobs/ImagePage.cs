using Sclip.Contracts;

namespace Sclip.Storage.Jobs;

/// <summary>Images of a job that were asked for.</summary>
public sealed record ImagePage
{
    /// <summary>The images.</summary>
    public required IReadOnlyList<ImageResult> Images { get; init; }

    /// <summary>Where to go on, for <c>after</c>; null where all was looked at.</summary>
    public string? Next { get; init; }

    /// <summary>Images that were looked at for this page.</summary>
    public required long Looked { get; init; }

    /// <summary>Whether all images of the job that have a result were looked at.</summary>
    public required bool Complete { get; init; }
}
