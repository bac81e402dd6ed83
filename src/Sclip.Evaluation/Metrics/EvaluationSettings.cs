using Sclip.Contracts;
using Sclip.Imaging;

namespace Sclip.Evaluation.Metrics;

/// <summary>How predictions are compared with ground truth.</summary>
public sealed record EvaluationSettings
{
    /// <summary>Ids that are told apart where the classes have no names.</summary>
    public const int MostUnnamed = 1024;

    /// <summary>The most classes: a matrix of them, which each thread has, is 32 MB.</summary>
    public const int MostClasses = 2000;

    /// <summary>The classes; null takes the ids that are found, below <see cref="MostUnnamed"/>.</summary>
    public IReadOnlyList<LabelClass>? Classes { get; init; }

    /// <summary>Values in the ground truth and what is read for them, before all else; null reads them as they are.</summary>
    public IReadOnlyDictionary<int, int>? TruthIds { get; init; }

    /// <summary>The same of predictions.</summary>
    public IReadOnlyDictionary<int, int>? PredictionIds { get; init; }

    /// <summary>The value in the ground truth of pixels that do not count; null counts all.</summary>
    public int? Ignore { get; init; } = 255;

    /// <summary>Whether the ground truth begins with 1: its 0 does not count either, and the values above are one less.</summary>
    public bool ReduceZeroLabel { get; init; }

    /// <summary>Whether masks of RGB are read by the classes' colours; else they are refused.</summary>
    public bool ByColors { get; init; }

    /// <summary>How many of the worst pictures are named.</summary>
    public int Worst { get; init; } = 12;

    /// <summary>Masks that are read side by side; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What a mask may be at most.</summary>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;
}
