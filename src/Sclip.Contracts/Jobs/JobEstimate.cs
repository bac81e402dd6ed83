namespace Sclip.Contracts.Jobs;

/// <summary>What a job would take, before it is submitted.</summary>
public sealed record JobEstimate
{
    /// <summary>The id that the job would have.</summary>
    public required string Id { get; init; }

    /// <summary>Whether that job is there already, so that a submit labels nothing again.</summary>
    public required bool IsThere { get; init; }

    /// <summary>Images that it would label.</summary>
    public required long Images { get; init; }

    /// <summary>Whether all were counted; false where there are more, and everything else is of these alone.</summary>
    public required bool Complete { get; init; }

    /// <summary>Images whose size was read.</summary>
    public required int Sampled { get; init; }

    /// <summary>Windows of an image, as the mean of those sizes under the settings; 0 where kept features are labelled.</summary>
    public required double WindowsPerImage { get; init; }

    /// <summary>Windows of all images.</summary>
    public required long Windows { get; init; }

    /// <summary>Workers that would take it.</summary>
    public required int Workers { get; init; }

    /// <summary>Windows a second of all of them, by what they computed before; null where none has told.</summary>
    public double? WindowsPerSecond { get; init; }

    /// <summary>Seconds until its end, if these workers did nothing else; null where their speed is not known.</summary>
    public double? Seconds { get; init; }

    /// <summary>Seconds that the workers would be busy, of each added up; null where their speed is not known.</summary>
    public double? WorkerSeconds { get; init; }

    /// <summary>What that costs; null where no price is set, or the speed is not known.</summary>
    public double? Cost { get; init; }

    /// <summary>What the numbers rest on, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
