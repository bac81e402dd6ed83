using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>
/// What a scoring system makes of a window for all names. Where the background takes what scores too little, its names are not asked for: all of them get the
/// background's score.
/// </summary>
internal static class NameScores
{
    /// <summary>The scores, <c>[rows * columns of the system's grid, names]</c>.</summary>
    /// <param name="system">The system.</param>
    /// <param name="window">The window; names and threshold are put in here.</param>
    /// <param name="labels">The names.</param>
    /// <param name="options">The probability threshold.</param>
    /// <exception cref="SegmentationException">All names are the background's.</exception>
    public static Matrix Of(IScoringSystem system, SystemWindow window, LabelEmbeddings labels, SegmentationOptions options)
    {
        var (algebra, names) = (window.Algebra, labels.ClassOfName.Length);
        var all = algebra.From(labels.Values, names, labels.Dimension);
        if (options.ProbabilityThreshold <= 0)
            return system.Scores(window with { Names = all });
        // Names of a class lie together.
        var (before, background) = (Array.IndexOf(labels.ClassOfName, labels.BackgroundClass!.Value), labels.ClassOfName.Count(label => label == labels.BackgroundClass));
        if (background == names)
            throw new SegmentationException("All classes are the background, which takes what scores less than the probability threshold; name a class beside it, or do without the threshold (--prob-threshold 0).");
        var scores = system.Scores(window with
        {
            Names = algebra.Stack(all.RowRange(0, before), all.RowsFrom(before + background)),
            BackgroundThreshold = (float)options.ProbabilityThreshold,
        });
        var target = algebra.Zeros(scores.Rows, names);
        target.ColumnRange(0, before).Set(scores.ColumnRange(1, before));
        for (var name = 0; name < background; name++)
            target.ColumnRange(before + name, 1).Set(scores.ColumnRange(0, 1));
        var behind = names - before - background;
        target.ColumnRange(before + background, behind).Set(scores.ColumnRange(1 + before, behind));
        return target;
    }
}
