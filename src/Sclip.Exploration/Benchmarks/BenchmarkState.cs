using Sclip.Evaluation.Datasets;
using Sclip.Labels;

namespace Sclip.Exploration.Benchmarks;

/// <summary>How far a benchmark is, and what it counted.</summary>
public sealed class BenchmarkState
{
    /// <summary>Failures that are kept with their reasons; further ones are only counted.</summary>
    public const int MostFailures = 100;

    private readonly List<BenchmarkFailure> _failures = [];

    /// <summary>Begins a benchmark.</summary>
    /// <param name="configurations">Names of the configurations.</param>
    /// <param name="classes">Number of classes.</param>
    public BenchmarkState(IEnumerable<string> configurations, int classes)
        : this(configurations.Select(name => (name, new ConfusionMatrix(classes, LabelTable.Ignored))), classes)
    {
    }

    internal BenchmarkState(IEnumerable<(string Configuration, ConfusionMatrix Matrix)> matrices, int classes) => (Matrices, Classes) = ([.. matrices], classes);

    /// <summary>What each configuration labelled, against the ground truth.</summary>
    public IReadOnlyList<(string Configuration, ConfusionMatrix Matrix)> Matrices { get; }

    /// <summary>Pixels whose ground truth does not count, of the pictures that were labelled; null where an earlier version, which did not count them, began the benchmark.</summary>
    public long? Ignored => KnowsIgnored ? Matrices[0].Matrix.Ignored : null;

    internal bool KnowsIgnored { get; init; } = true;

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Pictures that are behind it, whether they failed or not.</summary>
    public int Position { get; internal set; }

    /// <summary>What the files of those pictures held (<see cref="DataSetPicture.Fingerprint"/>); null where an earlier version, which did not look, began the benchmark.</summary>
    public IReadOnlyList<ulong>? Files => KnownFiles;

    internal List<ulong>? KnownFiles { get; init; } = [];

    /// <summary>Pictures that failed.</summary>
    public int Failed { get; internal set; }

    /// <summary>Pictures that were labelled.</summary>
    public int Done => Position - Failed;

    /// <summary>Seconds that it took, all runs together.</summary>
    public double Seconds { get; internal set; }

    /// <summary>The first failures.</summary>
    public IReadOnlyList<BenchmarkFailure> Failures => _failures;

    internal void Add(BenchmarkFailure failure)
    {
        if (_failures.Count < MostFailures)
            _failures.Add(failure);
    }
}

/// <summary>A picture that could not be measured.</summary>
/// <param name="Picture">Its name.</param>
/// <param name="Error">Why.</param>
public sealed record BenchmarkFailure(string Picture, string Error);
