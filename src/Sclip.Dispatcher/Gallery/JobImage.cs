using System.Diagnostics.CodeAnalysis;
using Sclip.Contracts;
using Sclip.Contracts.Reviews;

namespace Sclip.Dispatcher.Gallery;

/// <summary>An image of a job as the gallery shows it.</summary>
public sealed record JobImage : ImageResult
{
    /// <summary>The image with what became of it.</summary>
    [SetsRequiredMembers]
    public JobImage(ImageResult result, int shard)
        : base(result) => Shard = shard;

    /// <summary>The shard that it is in.</summary>
    public int Shard { get; }

    /// <summary>What a person decided on it; null where nobody has.</summary>
    public ReviewEntry? Review { get; init; }

    /// <summary>Name of its corrected mask; null where it has none.</summary>
    public string? Corrected { get; init; }
}
