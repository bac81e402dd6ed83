using System.Diagnostics.CodeAnalysis;
using Sclip.Contracts;

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
}
