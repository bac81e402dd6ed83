using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Datasets;
using Sclip.Evaluation.Metrics;
using Sclip.Evaluation.Presets;
using Sclip.Labels;
using Sclip.Worker.Engines;

namespace Sclip.Cli.Benchmarks;

/// <summary>What <c>sclip benchmark</c> or <c>sclip ablate</c> was asked to do.</summary>
internal sealed record BenchmarkArguments
{
    /// <summary>The benchmark; null for data of one's own.</summary>
    public required BenchmarkPreset? Preset { get; init; }

    /// <summary>The benchmark whose figures are published; null where none are, or where its names are asked of other pictures.</summary>
    public BenchmarkPreset? Published => Reading is null && Preset?.Published is not null ? Preset : null;

    public required DataSet Data { get; init; }

    /// <summary>How ground truth of one's own is read; null where it is that of the benchmark, which is read in its own way.</summary>
    public required EvaluationSettings? Reading { get; init; }

    public required LabelSet Labels { get; init; }

    /// <summary>Names and settings of what is measured.</summary>
    public required IReadOnlyList<(string Name, JobSettings Settings)> Configurations { get; init; }

    public required string Model { get; init; }

    /// <summary>The guide of methods that need one, a directory or id; null where none was given.</summary>
    public required string? Guide { get; init; }

    public required DeviceRequest Device { get; init; }

    public required int Threads { get; init; }

    /// <summary>Pictures to take at most.</summary>
    public required int? Limit { get; init; }

    public required string Output { get; init; }

    public required bool Force { get; init; }
}
