using Sclip.Contracts;

namespace Sclip.Exploration;

/// <summary>A cluster of the dense features of all pictures.</summary>
public sealed record ClusterFinding
{
    /// <summary>Its colour in the pictures.</summary>
    public required RgbColor Color { get; init; }

    /// <summary>Share of all patches, 0..1.</summary>
    public required double Share { get; init; }

    /// <summary>The classes whose mean cosine over its patches is greatest, and that cosine; the nearest first.</summary>
    public required IReadOnlyList<(string Name, double Cosine)> Nearest { get; init; }

    /// <summary>What to make of it, in a sentence.</summary>
    public required string Hint { get; init; }
}
