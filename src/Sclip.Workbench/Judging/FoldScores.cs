namespace Sclip.Workbench.Judging;

/// <summary>mIoU, or what is gained of it, by the parts of the pictures with ground truth that it is counted over; null where these have no pixel that counts.</summary>
/// <param name="Whole">Over all.</param>
/// <param name="Of">Over each fold alone.</param>
/// <param name="Rest">Over all but two, <c>[folds, folds]</c>; on the diagonal, over all but one.</param>
internal sealed record FoldScores(double? Whole, double?[] Of, double?[] Rest)
{
    // A tenth of a point of mIoU: less is not worth a name, and may be the grid's.
    private const double Least = 0.001;

    /// <summary>Parts of the pictures.</summary>
    public int Folds => Of.Length;

    /// <summary>What is gained over another labelling.</summary>
    public FoldScores Over(FoldScores before) => new(Whole - before.Whole ?? 0, Gains(Of, before.Of), Gains(Rest, before.Rest));

    /// <summary>That of all but a fold; of all where none is left out.</summary>
    public double Without(int? fold) => (fold is { } left ? Rest[left * Folds + left] : Whole) ?? 0;

    /// <summary>
    /// Whether ground truth alone speaks for a change of this gain. Of thousands that are tried some gain on any few pictures by chance, so it must gain on all together, in
    /// more folds than it loses in, and still on the others whichever fold had been missing.
    /// </summary>
    /// <param name="left">A fold that nothing is known of; null knows all.</param>
    public bool IsChoosable(int? left)
    {
        var known = Enumerable.Range(0, Folds).Where(fold => fold != left).ToArray();
        return Folds > 1 && Without(left) >= Least && known.Count(fold => Of[fold] > 0) > known.Count(fold => Of[fold] < 0)
            && (known.Length == 1 || known.All(fold => Rest[fold * Folds + (left ?? fold)] > 0));
    }

    private static double?[] Gains(double?[] after, double?[] before) => [.. after.Zip(before, (score, old) => score - old ?? 0)];
}

/// <summary>Pixels of a class.</summary>
internal readonly record struct IouCount(long Predicted, long Right, long Truth)
{
    public static IouCount operator +(IouCount one, IouCount other) => new(one.Predicted + other.Predicted, one.Right + other.Right, one.Truth + other.Truth);

    public static IouCount operator -(IouCount one, IouCount other) => new(one.Predicted - other.Predicted, one.Right - other.Right, one.Truth - other.Truth);
}

/// <summary>A mean of IoU over classes, as it is summed up.</summary>
internal struct IouMean
{
    private double _sum;
    private int _classes;

    /// <summary>The mean; null of none.</summary>
    public readonly double? Value => _classes == 0 ? null : _sum / _classes;

    /// <summary>Takes up a class.</summary>
    public void Add(IouCount count) => (_sum, _classes) = (_sum + (double)count.Right / (count.Predicted + count.Truth - count.Right), _classes + 1);

    /// <summary>Takes up a class that the ground truth has.</summary>
    public void AddIfThere(IouCount count)
    {
        if (count.Truth > 0)
            Add(count);
    }
}
