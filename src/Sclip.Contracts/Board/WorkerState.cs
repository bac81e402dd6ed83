using System.Text.Json.Serialization;

namespace Sclip.Contracts.Board;

/// <summary>A worker, as its last report has it.</summary>
public sealed record WorkerState : WorkerFacts
{
    /// <summary>The name, as drafts and logs have it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it starts, takes shards or stops.</summary>
    public required WorkerPhase State { get; init; }

    /// <summary>Images a second over the last minute; null until there are reports enough to tell.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>When its last report came.</summary>
    public required DateTimeOffset Heard { get; init; }

    /// <summary>Whether it has been silent for so long that it is taken for gone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Gone { get; init; }
}
