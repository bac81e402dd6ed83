using System.Text.Json.Serialization;

namespace Sclip.Contracts.Jobs;

/// <summary>What became of a job: written once all shards have results.</summary>
public sealed record JobSummary
{
    /// <summary>Images in all.</summary>
    public required long Images { get; init; }

    /// <inheritdoc cref="JobStatus.Labelled" />
    public required long Labelled { get; init; }

    /// <inheritdoc cref="JobStatus.ByFeatures" />
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ByFeatures { get; init; }

    /// <inheritdoc cref="JobStatus.ByPixels" />
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ByPixels { get; init; }

    /// <inheritdoc cref="JobStatus.Failed" />
    public required long Failed { get; init; }

    /// <inheritdoc cref="JobStatus.Windows" />
    public required long Windows { get; init; }

    /// <summary>Seconds that workers were at the images, as <see cref="JobStatus.WorkerSeconds"/> has it; null where an earlier version wrote the summary.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WorkerSeconds { get; init; }

    /// <inheritdoc cref="JobStatus.Pixels" />
    public required IReadOnlyDictionary<string, long> Pixels { get; init; }

    /// <summary>Failed images by reason, the most frequent reasons first; rarer ones are counted together as "other reasons".</summary>
    public required IReadOnlyDictionary<string, long> Failures { get; init; }

    /// <summary>When the job was submitted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the summary was written.</summary>
    public required DateTimeOffset Completed { get; init; }
}
