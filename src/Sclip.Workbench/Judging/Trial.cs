using Sclip.Segmentation;

namespace Sclip.Workbench.Judging;

/// <summary>
/// Tries changes of names on samples. A name more or less is told from each sample's competition and its own cosine; no label map is made. The area threshold, which goes by whole
/// pictures, is left out.
/// </summary>
internal sealed class Trial
{
    private readonly LabelEmbeddings _labels;
    private readonly float _scale, _threshold;
    private readonly NameCompetition[] _competitions;
    private readonly int[] _found;
    private readonly Tally _before;

    /// <param name="samples">The samples.</param>
    /// <param name="labels">The names that are there.</param>
    /// <param name="options">Scale and probability threshold.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public Trial(TrialSamples samples, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken)
    {
        (_labels, _scale, _threshold, _before) = (labels, (float)options.LogitScale, (float)options.ProbabilityThreshold, new Tally(samples));
        _competitions = samples.Competitions(labels, _scale, cancellationToken);
        _found = Array.ConvertAll(_competitions, one => one.Label(labels, _threshold));
        for (var i = 0; i < _found.Length; i++)
            _before.Add(i, _found[i]);
        Before = Standing.Of(_before);
    }

    /// <summary>Where changes begin.</summary>
    public Standing Before { get; }

    /// <summary>The samples' probabilities, which thresholds are taken from.</summary>
    public float[] Probabilities => Array.ConvertAll(_competitions, one => one.Probability);

    /// <summary>What a new name makes of the samples, whichever class it is given to.</summary>
    /// <param name="cosines">Its cosines, <c>[samples]</c>.</param>
    public Tally With(float[] cosines)
    {
        var tally = new Tally(_before);
        for (var i = 0; i < _competitions.Length; i++)
        {
            var isWinner = cosines[i] > _competitions[i].Best;
            // Most samples stay as they are: another name takes of their probability, which matters to the threshold alone.
            if (!isWinner && _threshold == 0)
                continue;
            var isUnsure = _threshold > 0 && _competitions[i].With(cosines[i], name: -1, _scale).Probability < _threshold;
            if (isWinner && !isUnsure)
            {
                tally.Add(i, _found[i], times: -1);
                tally.Win(i, cosines[i] - _competitions[i].Best);
            }
            else if (isUnsure)
            {
                Move(tally, i, _labels.BackgroundClass!.Value);
            }
        }
        return tally;
    }

    /// <summary>What the samples are without one of the names.</summary>
    /// <param name="name">Which.</param>
    /// <param name="cosines">Its cosines, <c>[samples]</c>.</param>
    public Tally Without(int name, float[] cosines)
    {
        var tally = new Tally(_before);
        for (var i = 0; i < _competitions.Length; i++)
            Move(tally, i, _competitions[i].Without(cosines[i], name, _scale).Label(_labels, _threshold));
        return tally;
    }

    /// <summary>What the samples are with another threshold.</summary>
    public Tally Under(float threshold)
    {
        var tally = new Tally(_before);
        for (var i = 0; i < _competitions.Length; i++)
            Move(tally, i, _competitions[i].Label(_labels, threshold));
        return tally;
    }

    /// <summary>The gain of a change over what there is; null where there is none.</summary>
    /// <param name="after">What it makes of the samples.</param>
    /// <param name="winner">The class that a new name is given to.</param>
    public Gain? GainOf(Tally after, int? winner) => Gain.Of(Before, after, winner);

    private void Move(Tally tally, int sample, int label)
    {
        if (label == _found[sample])
            return;
        tally.Add(sample, _found[sample], times: -1);
        tally.Add(sample, label);
    }
}
