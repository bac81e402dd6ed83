namespace Sclip.Exploration;

/// <summary>Two classes that compete for the same pixels.</summary>
public sealed record CompetingNames
{
    /// <summary>The first class.</summary>
    public required string First { get; init; }

    /// <summary>The second class.</summary>
    public required string Second { get; init; }

    /// <summary>Share of all pixels where these two are the most similar and the lesser is at least half as probable as the other, 0..1.</summary>
    public required double Contested { get; init; }

    /// <summary>Pearson's correlation of their cosines over the pixels, -1..1.</summary>
    public required double Correlation { get; init; }

    /// <summary>What to make of it, in a sentence.</summary>
    public required string Hint { get; init; }
}
