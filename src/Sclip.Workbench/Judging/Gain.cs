namespace Sclip.Workbench.Judging;

/// <summary>
/// What a change gains. Of thousands of changes that are tried some gain on any few pictures by chance, so ground truth alone speaks for a change only where it would
/// have been chosen whichever part of the pictures had been missing, and is good for the missing ones: mIoU rises on all others for each fold left out, on the left-out
/// pictures on average, and in more folds than it falls in. What is left of the optimism is that the best is picked of many: the gain on pictures that nobody has seen
/// is smaller, the more so the fewer have ground truth. Wishes are what their user asked for, and count as they are.
/// </summary>
/// <param name="Held">Wishes held after it.</param>
/// <param name="HeldMore">How many more than before.</param>
/// <param name="Miou">mIoU after it; null without ground truth.</param>
/// <param name="CrossValidated">The mean gain of mIoU on the left-out pictures; null with fewer than two folds.</param>
/// <param name="FoldsBetter">Folds that gain on these.</param>
/// <param name="Shares">Gain of the sum of the wishes' shares.</param>
/// <param name="Margin">By how much a new name wins at wishes.</param>
internal sealed record Gain(int Held, int HeldMore, double? Miou, double? CrossValidated, int FoldsBetter, double Shares, double Margin)
{
    // A tenth of a point of mIoU: less is not worth a name, and may be the grid's.
    private const double Least = 0.001;

    /// <summary>The gain of one labelling over another; null where it gains nothing, or nothing that can be trusted.</summary>
    /// <param name="before">What there is.</param>
    /// <param name="after">What the change makes of it.</param>
    /// <param name="winner">The class that a new name is given to.</param>
    /// <param name="folds">Parts of the pictures with ground truth.</param>
    public static Gain? Of(Standing before, Tally after, int? winner, int folds)
    {
        var (held, shares, margin) = after.Wishes(winner);
        if (held < before.Held)
            return null;
        var miou = after.MeanIou(winner);
        if (held == before.Held && !(folds > 1 && miou - before.Miou >= Least))
            return null;
        var left = Gains(before.Left, fold => after.MeanIou(winner, fold, others: false), folds);
        var gain = new Gain(held, held - before.Held, miou, folds > 1 ? left.Average() : null, left.Count(value => value > 0), shares - before.Shares, margin);
        var isTrusted = gain.CrossValidated >= Least && gain.FoldsBetter > left.Count(value => value < 0) && Gains(before.Others, fold => after.MeanIou(winner, fold, others: true), folds).All(value => value > 0);
        return held > before.Held || isTrusted ? gain : null;
    }

    private static double[] Gains(double?[] before, Func<int, double?> after, int folds) => [.. Enumerable.Range(0, folds).Select(fold => after(fold) - before[fold] ?? 0)];
}

/// <summary>Where changes begin.</summary>
/// <param name="Held">Wishes held.</param>
/// <param name="Shares">The sum of the wishes' shares.</param>
/// <param name="Miou">mIoU over all pictures; null without ground truth.</param>
/// <param name="Left">That of each fold.</param>
/// <param name="Others">That of all others.</param>
internal sealed record Standing(int Held, double Shares, double? Miou, double?[] Left, double?[] Others)
{
    /// <summary>Where a labelling stands.</summary>
    public static Standing Of(Tally tally, int folds)
    {
        var (held, shares, _) = tally.Wishes(winner: null);
        return new Standing(held, shares, tally.MeanIou(winner: null),
            [.. Enumerable.Range(0, folds).Select(fold => tally.MeanIou(winner: null, fold, others: false))],
            [.. Enumerable.Range(0, folds).Select(fold => tally.MeanIou(winner: null, fold, others: true))]);
    }
}
