using System.Text.Json.Serialization;

namespace Sclip.Contracts.Jobs;

/// <summary>Where a job stands, read from its blobs.</summary>
public sealed record JobStatus
{
    /// <summary>The job.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public string? Name { get; init; }

    /// <summary>The job whose kept features it labels; null where it labels images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FeaturesOf { get; init; }

    /// <summary>How it keeps its images' features, to be labelled by other names; null where it keeps none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? KeepFeatures { get; init; }

    /// <summary>Where it stands.</summary>
    public required JobState State { get; init; }

    /// <summary>Why it failed, or what it waits for.</summary>
    public string? Reason { get; init; }

    /// <summary>What kind of thing it waits for; null unless it waits, and where that is not known.</summary>
    public JobWaitKind? WaitsFor { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When its summary was written.</summary>
    public DateTimeOffset? Completed { get; init; }

    /// <summary>Shards planned so far.</summary>
    public required int Shards { get; init; }

    /// <summary>Shards that have results.</summary>
    public required int ShardsDone { get; init; }

    /// <summary>Images in all; null while they are being listed.</summary>
    public long? Images { get; init; }

    /// <summary>Images that have a mask.</summary>
    public required long Labelled { get; init; }

    /// <summary>Of those, images that were labelled by their kept features; null where the job labels images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ByFeatures { get; init; }

    /// <summary>Of those, images of a job over kept features whose own could not be used, so that their pixels were labelled; null where the job labels images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ByPixels { get; init; }

    /// <summary>Images that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Windows that were computed.</summary>
    public required long Windows { get; init; }

    /// <summary>
    /// Seconds that workers were at its images: what decoding, segmenting and encoding took for each, as its result tells. A worker of several threads does
    /// these at once, and waiting for the store, starting and idling are not in it, so that it says what a job is worth rather than what a bill says. Null
    /// where an earlier version finished the job.
    /// </summary>
    public double? WorkerSeconds { get; init; }

    /// <summary>Workers that have a shard of it now.</summary>
    public IReadOnlyList<string> Workers { get; init; } = [];

    /// <summary>Failed images by reason.</summary>
    public IReadOnlyDictionary<string, long> Failures { get; init; } = new Dictionary<string, long>();

    /// <summary>Where the classes are likely not what was meant.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Pixels of each class, by its name.</summary>
    public IReadOnlyDictionary<string, long> Pixels { get; init; } = new Dictionary<string, long>();
}
