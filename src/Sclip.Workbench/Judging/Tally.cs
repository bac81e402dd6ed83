namespace Sclip.Workbench.Judging;

/// <summary>
/// What a labelling of the samples comes to. Samples that a new name wins are counted apart: whichever class the name is given to gets them, and nothing else depends on
/// that, so one count serves all classes.
/// </summary>
internal sealed class Tally
{
    private readonly TrialSamples _samples;
    private readonly int _classes;

    // [folds, classes], [folds], and [wishes].
    private readonly int[] _predicted, _right, _won, _wonPixels, _hits, _wonHits;
    private readonly float[] _margins;

    /// <param name="samples">What is labelled.</param>
    public Tally(TrialSamples samples)
    {
        (_samples, _classes) = (samples, samples.Match?.InTruth ?? 0);
        (_predicted, _right, _won, _wonPixels) = (new int[samples.TruthPixels.Length], new int[samples.TruthPixels.Length], new int[samples.TruthPixels.Length], new int[samples.Folds]);
        (_hits, _wonHits, _margins) = (new int[samples.Wishes.Count], new int[samples.Wishes.Count], new float[samples.Wishes.Count]);
    }

    /// <summary>One that begins with what another counted.</summary>
    public Tally(Tally other)
        : this(other._samples)
    {
        other._predicted.CopyTo(_predicted, 0);
        other._right.CopyTo(_right, 0);
        other._hits.CopyTo(_hits, 0);
    }

    /// <summary>Counts a sample.</summary>
    /// <param name="sample">Which.</param>
    /// <param name="label">The class that it has.</param>
    /// <param name="times">1, or -1 to take it back.</param>
    public void Add(int sample, int label, int times = 1)
    {
        if (_samples.WishOf[sample] is >= 0 and var wish)
        {
            _hits[wish] += label == _samples.Wishes[wish].Class ? times : 0;
            return;
        }
        var number = _samples.Match!.OfTyped[label];
        if (number >= _classes)
            return;
        _predicted[_samples.Fold[sample] * _classes + number] += times;
        _right[_samples.Fold[sample] * _classes + number] += number == _samples.Truth[sample] ? times : 0;
    }

    /// <summary>Counts a sample that the new name wins.</summary>
    /// <param name="sample">Which.</param>
    /// <param name="margin">By how much its cosine is higher.</param>
    public void Win(int sample, float margin)
    {
        if (_samples.WishOf[sample] is >= 0 and var wish)
        {
            _wonHits[wish]++;
            _margins[wish] += margin;
            return;
        }
        _won[_samples.Fold[sample] * _classes + _samples.Truth[sample]]++;
        _wonPixels[_samples.Fold[sample]]++;
    }

    /// <summary>What it comes to for the wishes: how many are held, the sum of their shares, and by how much the new name wins.</summary>
    /// <param name="winner">The class that the new name is given to.</param>
    public (int Held, double Shares, double Margin) Wishes(int? winner)
    {
        var (held, shares, margin) = (0, 0.0, 0.0);
        for (var i = 0; i < _hits.Length; i++)
        {
            var wish = _samples.Wishes[i];
            var isWinner = winner is not null && wish.Class == winner;
            var hits = _hits[i] + (isWinner ? _wonHits[i] : 0);
            held += 2 * hits >= wish.Pixels.Count ? 1 : 0;
            shares += (double)hits / wish.Pixels.Count;
            margin += isWinner ? _margins[i] / wish.Pixels.Count : 0;
        }
        return (held, shares, margin);
    }

    /// <summary>mIoU over all pictures: of the ground truth's classes that occur in either, as it is counted everywhere; null where there is none.</summary>
    /// <param name="winner">The class that the new name is given to.</param>
    public double? MeanIou(int? winner)
    {
        var (number, mean) = (NumberOf(winner), new IouMean());
        for (var label = 0; label < _classes; label++)
        {
            var all = Enumerable.Range(0, _samples.Folds).Aggregate(default(IouCount), (sum, fold) => sum + Count(label, fold, number));
            if (all.Predicted + all.Truth > 0)
                mean.Add(all);
        }
        return mean.Value;
    }

    /// <summary>
    /// mIoU over parts of the pictures; of the classes that their ground truth has: of few pictures, one that is predicted at a single pixel and is nowhere would swing the mean.
    /// </summary>
    /// <param name="winner">The class that the new name is given to.</param>
    public FoldScores Scores(int? winner)
    {
        var (number, folds) = (NumberOf(winner), _samples.Folds);
        var (whole, alone, without) = (new IouMean(), new IouMean[folds], new IouMean[folds * folds]);
        Span<IouCount> counts = stackalloc IouCount[folds];
        for (var label = 0; label < _classes; label++)
        {
            var all = default(IouCount);
            for (var fold = 0; fold < folds; fold++)
                all += counts[fold] = Count(label, fold, number);
            if (all.Truth == 0)
                continue;
            whole.AddIfThere(all);
            for (var fold = 0; fold < folds; fold++)
            {
                alone[fold].AddIfThere(counts[fold]);
                for (var other = 0; other < folds; other++)
                    without[fold * folds + other].AddIfThere(all - counts[fold] - (other == fold ? default : counts[other]));
            }
        }
        return new FoldScores(whole.Value, Array.ConvertAll(alone, mean => mean.Value), Array.ConvertAll(without, mean => mean.Value));
    }

    private int NumberOf(int? winner) => winner is { } given && _classes > 0 ? _samples.Match!.OfTyped[given] : -1;

    private IouCount Count(int label, int fold, int winner)
    {
        var at = fold * _classes + label;
        var (predicted, right) = label == winner ? (_wonPixels[fold], _won[at]) : (0, 0);
        return new IouCount(_predicted[at] + predicted, _right[at] + right, _samples.TruthPixels[at]);
    }
}
