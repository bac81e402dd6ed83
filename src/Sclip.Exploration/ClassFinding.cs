namespace Sclip.Exploration;

/// <summary>How a class does in the pictures.</summary>
public sealed record ClassFinding
{
    /// <summary>The class.</summary>
    public required string Name { get; init; }

    /// <summary>Share of all pixels that it gets, 0..1, after thresholds.</summary>
    public required double Share { get; init; }

    /// <summary>Mean over all pixels of its cosine.</summary>
    public required double MeanCosine { get; init; }

    /// <summary>Its greatest cosine.</summary>
    public required double MaxCosine { get; init; }

    /// <summary>
    /// Where it is the most similar class, the mean of what its cosine is ahead of the next; where it never is, the least that it is behind the
    /// best, as a negative number.
    /// </summary>
    public required double Lead { get; init; }

    /// <summary>Share of the pixels where it is the most similar in which the next class is at least half as probable, 0..1.</summary>
    public required double Doubt { get; init; }

    /// <summary>The class that is most often next to it, or that it comes nearest to where it never is the most similar; null where there is one class alone.</summary>
    public required string? Rival { get; init; }

    /// <summary>What to make of it, in a sentence.</summary>
    public required string Hint { get; init; }
}
