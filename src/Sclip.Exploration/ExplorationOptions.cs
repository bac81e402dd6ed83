using Sclip.Evaluation;
using Sclip.Segmentation;

namespace Sclip.Exploration;

/// <summary>What an exploration shows, and by which methods.</summary>
public sealed record ExplorationOptions
{
    // Nobody tells more colours apart.
    private const int MostClusters = 64;

    /// <summary>Dense methods to compare, from left to right.</summary>
    public IReadOnlyList<string> Methods { get; init; } = ["clip", "maskclip", "sclip"];

    /// <summary>Windows, scale and thresholds; the method stands in <see cref="Methods"/>.</summary>
    public SegmentationOptions Segmentation { get; init; } = new();

    /// <summary>Short side in pixels that pictures are resized to; 0 leaves them as they are.</summary>
    public int ShortSide { get; init; }

    /// <summary>Points whose attention is shown, in pixels of the original pictures; where there are none, each picture gets up to two of its own.</summary>
    public IReadOnlyList<(int X, int Y)> Points { get; init; } = [];

    /// <summary>Clusters of the dense features.</summary>
    public int Clusters { get; init; } = 8;

    /// <summary>Whether every class gets its heat maps, and not only those of each picture that win most of it.</summary>
    public bool AllClasses { get; init; }

    /// <summary>Whether heat maps show cosines as they are, and not what they are above the mean of all classes.</summary>
    public bool PlainCosines { get; init; }

    /// <summary>The method that the figures are of: sclip, where it is among them, else the last.</summary>
    internal int Primary => Methods.ToList().IndexOf("sclip") is >= 0 and var at ? at : Methods.Count - 1;

    /// <summary>Whether heat maps compare classes; one class alone has no other to be compared with.</summary>
    internal bool ComparesClasses(int classes) => !PlainCosines && classes > 1;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="EvaluationException">A value is out of range; the message names it.</exception>
    /// <exception cref="SegmentationException">There is no such method, or a value of <see cref="Segmentation"/> is out of range.</exception>
    public void Validate()
    {
        if (Methods.Count == 0)
            throw new EvaluationException("There is no method to explore with (--methods).");
        foreach (var method in Methods)
            DenseMethods.Validate(method);
        if (Methods.GroupBy(method => method).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new EvaluationException($"The method {twice.Key} is there twice (--methods).");
        if (Clusters is < 2 or > MostClusters)
            throw new EvaluationException($"--clusters must lie in 2..{MostClusters}; it is {Clusters}.");
        Segmentation.Validate();
    }

    /// <summary>Checks also what depends on the model.</summary>
    /// <exception cref="EvaluationException">A value is out of range; the message names it.</exception>
    /// <exception cref="SegmentationException">A method is another model's, or a value is out of range.</exception>
    internal void Validate(ClipModel model)
    {
        Validate();
        foreach (var method in Methods)
            (Segmentation with { Method = method }).Validate(model);
    }
}
