using System.Text.Json.Serialization;

namespace Sclip.Contracts.Jobs;

/// <summary>What became of a job: written once all shards have results.</summary>
public sealed record JobSummary
{
    /// <summary>Images in all.</summary>
    public required long Images { get; init; }

    /// <summary>Images that have a mask.</summary>
    public required long Labelled { get; init; }

    /// <summary>Of those, images that were labelled by their kept features; null where the job labels images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ByFeatures { get; init; }

    /// <summary>Of those, images of a job over kept features whose own could not be used, and whose pixels were looked at; null where the job labels images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ByPixels { get; init; }

    /// <summary>Images that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Windows that were computed.</summary>
    public required long Windows { get; init; }

    /// <summary>Seconds that workers were at the images, as <see cref="JobStatus.WorkerSeconds"/> has it; null where an earlier version wrote the summary.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WorkerSeconds { get; init; }

    /// <summary>Pixels of each class, by its name.</summary>
    public required IReadOnlyDictionary<string, long> Pixels { get; init; }

    /// <summary>Failed images by reason, the most frequent reasons first; rarer ones are counted together as "other reasons".</summary>
    public required IReadOnlyDictionary<string, long> Failures { get; init; }

    /// <summary>When the job was submitted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the summary was written.</summary>
    public required DateTimeOffset Completed { get; init; }
}
