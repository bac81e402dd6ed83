using Sclip.Contracts;

namespace Sclip.Evaluation.Reports;

/// <summary>What became of the pictures of a labelling run, for its report.</summary>
public sealed record LabellingFigures
{
    /// <summary>The classes; the index is the value in a mask.</summary>
    public required IReadOnlyList<LabelClass> Classes { get; init; }

    /// <summary>What the run was: model, method, device, folder; a line of text each.</summary>
    public required IReadOnlyList<string> About { get; init; }

    /// <summary>Pictures that have a mask, of this run or of earlier ones.</summary>
    public required long Labelled { get; init; }

    /// <summary>Pictures that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Pictures that an interruption left; 0 where the run came to its end.</summary>
    public required long Left { get; init; }

    /// <summary>The mean doubt of the pictures, 0 to 1; null where no result tells it.</summary>
    public double? Doubt { get; init; }

    /// <summary>Share of all pixels, pictures and doubt of each class, in the order of <see cref="Classes"/>.</summary>
    public required IReadOnlyList<ClassFigures> OfClasses { get; init; }

    /// <summary>Failed pictures by reason, the most frequent first.</summary>
    public required IReadOnlyList<FailureFigures> Failures { get; init; }

    /// <summary>The pictures that are most in doubt, first the worst.</summary>
    public required IReadOnlyList<ImageResult> Worst { get; init; }

    /// <summary>Where the classes are likely not what was meant.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>What a run found of a class.</summary>
/// <param name="Share">Its share of all pixels, 0 to 1.</param>
/// <param name="Pictures">Pictures that it occurs in.</param>
/// <param name="Doubt">The mean doubt of its pixels, 0 to 1; null where it does not occur, or no result tells it.</param>
public sealed record ClassFigures(double Share, long Pictures, double? Doubt);

/// <summary>Pictures that failed for one reason.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Pictures">How many.</param>
/// <param name="Names">Some of them.</param>
public sealed record FailureFigures(string Reason, long Pictures, string Names);
