namespace Sclip.Contracts;

/// <summary>One class of a label set.</summary>
public sealed record LabelClass
{
    /// <summary>The name that is shown, and the first that is compared with the picture.</summary>
    public required string Name { get; init; }

    /// <summary>Further names of the same class; the best of all counts.</summary>
    public IReadOnlyList<string> Synonyms { get; init => field = value ?? []; } = [];

    /// <summary>Its colour in masks and overlays; null takes the Pascal VOC palette's.</summary>
    public RgbColor? Color { get; init; }

    /// <summary>Whether this class means none of the others, so that thresholds fall back to it; at most one of a set. Where none is marked, it is the one called "background".</summary>
    public bool Background { get; init; }

    /// <summary>The name and its synonyms, in order.</summary>
    public IEnumerable<string> AllNames => Synonyms.Prepend(Name);
}
