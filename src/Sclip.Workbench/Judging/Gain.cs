namespace Sclip.Workbench.Judging;

/// <summary>What a change gains. Wishes are what their user asked for, and count as they are; ground truth alone speaks for a change where <see cref="FoldScores.IsChoosable"/> has it.</summary>
/// <param name="Held">Wishes held after it.</param>
/// <param name="HeldMore">How many more than before.</param>
/// <param name="Miou">mIoU after it; null without ground truth.</param>
/// <param name="IsShown">Whether mIoU as it is shown gains, too.</param>
/// <param name="OnFolds">Gain of mIoU by folds.</param>
/// <param name="Shares">Gain of the sum of the wishes' shares.</param>
/// <param name="Margin">By how much a new name wins at wishes.</param>
internal sealed record Gain(int Held, int HeldMore, double? Miou, bool IsShown, FoldScores OnFolds, double Shares, double Margin)
{
    /// <summary>The gain of one labelling over another; null where it gains nothing that can be trusted, whichever fold is left out.</summary>
    /// <param name="before">What there is.</param>
    /// <param name="after">What the change makes of it.</param>
    /// <param name="winner">The class that a new name is given to.</param>
    public static Gain? Of(Standing before, Tally after, int? winner)
    {
        var (held, shares, margin) = after.Wishes(winner);
        if (held < before.Held)
            return null;
        var miou = after.MeanIou(winner);
        var gain = new Gain(held, held - before.Held, miou, miou > before.Miou, after.Scores(winner).Over(before.Scores), shares - before.Shares, margin);
        // What would have been chosen without some pictures counts as well: how well such a choice does on them is what cross-validation tells.
        return gain.IsChoosable(left: null) || Enumerable.Range(0, gain.OnFolds.Folds).Any(fold => gain.IsChoosable(fold)) ? gain : null;
    }

    /// <summary>Whether it may be suggested.</summary>
    /// <param name="left">A fold that nothing is known of; null knows all.</param>
    public bool IsChoosable(int? left) => HeldMore > 0 || (OnFolds.IsChoosable(left) && (left is not null || IsShown));
}

/// <summary>Where changes begin.</summary>
/// <param name="Held">Wishes held.</param>
/// <param name="Shares">The sum of the wishes' shares.</param>
/// <param name="Miou">mIoU over all pictures; null without ground truth.</param>
/// <param name="Scores">That of parts of them.</param>
internal sealed record Standing(int Held, double Shares, double? Miou, FoldScores Scores)
{
    /// <summary>Where a labelling stands.</summary>
    public static Standing Of(Tally tally)
    {
        var (held, shares, _) = tally.Wishes(winner: null);
        return new Standing(held, shares, tally.MeanIou(winner: null), tally.Scores(winner: null));
    }
}
