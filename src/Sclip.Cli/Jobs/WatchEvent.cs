using Sclip.Contracts.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary>A line of <c>sclip watch --json</c>: where the job stands now.</summary>
internal sealed record WatchEvent
{
    /// <summary><c>progress</c> while the job goes on, <c>ended</c> with the last line.</summary>
    public required string Event { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>Images a second over the last minute; null while too little was seen, and at the end.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>Seconds until its end at that rate; null where that is not known.</summary>
    public double? SecondsLeft { get; init; }

    public required JobStatus Status { get; init; }
}
