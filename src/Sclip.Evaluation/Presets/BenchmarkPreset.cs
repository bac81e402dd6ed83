using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Datasets;
using Sclip.Labels;

namespace Sclip.Evaluation.Presets;

/// <summary>A benchmark of the paper: classes, settings and data set as its authors had them.</summary>
public sealed record BenchmarkPreset
{
    private readonly Lazy<LabelSet> _labels;

    /// <summary>A preset, whose labels are read when they are asked for.</summary>
    public BenchmarkPreset() => _labels = new(ReadLabels);

    /// <summary>What it is called on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What it is called in the paper.</summary>
    public required string Title { get; init; }

    /// <summary>Resizing, windows, logit scale and thresholds.</summary>
    public required JobSettings Settings { get; init; }

    /// <summary>The score below which a pixel is background, by method, for models whose scores are final, which have no others of these settings: those of their authors' configurations. Empty where the benchmark has no background.</summary>
    public IReadOnlyDictionary<string, double> BackgroundScores { get; init; } = new Dictionary<string, double>();

    /// <summary>How the data set lies on disk.</summary>
    public required DataSetLayout Layout { get; init; }

    /// <summary>What others measured; null where nothing was published.</summary>
    public PublishedFigures? Published { get; init; }

    /// <summary>Where the preset differs from the authors' configuration; null where it does not.</summary>
    public string? Note { get; init; }

    /// <summary>The classes, with the authors' synonyms and the data set's colours.</summary>
    public LabelSet Labels => _labels.Value;

    /// <summary>The settings for a method: where a model's scores are final, its own, but for the background's score.</summary>
    /// <param name="method">The method; null for the usual one.</param>
    public JobSettings SettingsFor(string? method) => method is not null && DenseMethodNames.OfFinalScores.Contains(method)
        ? new JobSettings { ProbabilityThreshold = BackgroundScores.GetValueOrDefault(method) }
        : Settings;

    private LabelSet ReadLabels()
    {
        using var stream = typeof(BenchmarkPreset).Assembly.GetManifestResourceStream($"{Name}.json")!;
        using var reader = new StreamReader(stream);
        return LabelReader.Parse(reader.ReadToEnd(), $"preset {Name}").Set;
    }
}
