using Sclip.Contracts.Jobs;

namespace Sclip.Contracts.Board;

/// <summary>A job: where it stands, how fast it goes, and what it is.</summary>
public sealed record JobProgress
{
    /// <summary>Where it stands.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>Images a second over the last minute; null once it has ended, and while too little was seen of it.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>Seconds until its end at that rate; null where the rate or the number of images is not known, and where nothing moves.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>Whole seconds since anything of it changed; null once it has ended.</summary>
    public long? IdleSeconds { get; init; }

    /// <summary>Id of the model; this and the rest are empty where the job's document cannot be read.</summary>
    public required string Model { get; init; }

    /// <summary>The dense method.</summary>
    public required string Method { get; init; }

    /// <summary>0 to 9; jobs from 5 pass the others.</summary>
    public required int Priority { get; init; }

    /// <summary>Number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>Where its images lie: <c>container/prefix</c>.</summary>
    public required string Input { get; init; }
}
