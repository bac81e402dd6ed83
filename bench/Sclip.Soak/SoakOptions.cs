namespace Sclip.Soak;

/// <summary>What a run is asked for.</summary>
internal sealed record SoakOptions
{
    public required int Seed { get; init; }

    /// <summary>Faults to inject; null where time decides.</summary>
    public required int? Faults { get; init; }

    public required TimeSpan? Time { get; init; }

    public required int Workers { get; init; }

    /// <summary>Regular jobs under way at once, at most.</summary>
    public required int Jobs { get; init; }

    /// <summary>Seconds between two faults: even between these two.</summary>
    public double LeastPause { get; init; } = 0.2;

    public double MostPause { get; init; } = 1.8;

    /// <summary>Faults after which there is a pause of <see cref="Lull"/>, in which probes are timed.</summary>
    public int FaultsBetweenLulls { get; init; } = 20;

    public TimeSpan Lull { get; init; } = TimeSpan.FromSeconds(25);
}
