using Sclip.Segmentation;

namespace Sclip.Exploration;

/// <summary>Adds up how classes do over pictures. C classes, P pixels of a picture's label map.</summary>
internal sealed class ClassStatistics
{
    // Neighbouring pixels say nearly the same: every so manieth column and row will do for products of all pairs of classes.
    private const int SampleStep = 8;

    private readonly int _classes;
    /// <summary>How many times as probable as the next a class must be not to be close to it.</summary>
    public const double CloseOdds = 2;

    private readonly double _closeLead;
    private readonly long[] _labelled, _best, _close;
    private readonly long[,] _next, _contested;
    private readonly double[] _sums, _maxima, _leads;
    private readonly (double Behind, int Of)[] _misses;
    private readonly double[] _sampleSums;
    private readonly double[,] _sampleProducts;
    private long _pixels, _samples;

    /// <param name="classes">C.</param>
    /// <param name="logitScale">Factor of the cosines before the softmax: how far ahead is how much more probable.</param>
    public ClassStatistics(int classes, double logitScale)
    {
        _classes = classes;
        // exp(scale * lead) = 2: the next is half as probable.
        _closeLead = Math.Log(CloseOdds) / logitScale;
        (_labelled, _best, _close) = (new long[classes], new long[classes], new long[classes]);
        (_next, _contested) = (new long[classes, classes], new long[classes, classes]);
        (_sums, _maxima, _leads) = (new double[classes], new double[classes], new double[classes]);
        (_sampleSums, _sampleProducts) = (new double[classes], new double[classes, classes]);
        _misses = new (double, int)[classes];
        Array.Fill(_maxima, double.NegativeInfinity);
        Array.Fill(_misses, (double.PositiveInfinity, -1));
    }

    /// <summary>Adds a picture.</summary>
    public void Add(DenseOutputs output)
    {
        var (width, pixels) = (output.Result.Width, output.Result.LabelMap.Length);
        var sample = new float[_classes];
        _pixels += pixels;
        for (var label = 0; label < _classes; label++)
        {
            _labelled[label] += output.Result.PixelCounts[label];
            foreach (var cosine in output.Cosines.AsSpan(label * pixels, pixels))
                (_sums[label], _maxima[label]) = (_sums[label] + cosine, Math.Max(_maxima[label], cosine));
        }
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            AddRanks(output.Cosines, pixel, pixels);
            if (pixel % width % SampleStep == SampleStep / 2 && pixel / width % SampleStep == SampleStep / 2)
                AddProducts(output.Cosines, pixel, pixels, sample);
        }
    }

    /// <summary>What there is to say of each class, by its index.</summary>
    public ClassFinding[] Classes(IReadOnlyList<string> names) => [.. Enumerable.Range(0, _classes).Select(label =>
    {
        var wins = _best[label] > 0;
        var rival = wins ? MostNext(label) : _misses[label].Of;
        var finding = new ClassFinding
        {
            Name = names[label],
            Share = (double)_labelled[label] / _pixels,
            MeanCosine = _sums[label] / _pixels,
            MaxCosine = _maxima[label],
            Lead = wins ? _leads[label] / _best[label] : -_misses[label].Behind,
            Doubt = wins ? (double)_close[label] / _best[label] : 0,
            Rival = rival < 0 ? null : names[rival],
            Hint = "",
        };
        return finding with { Hint = Hints.Of(finding, wins) };
    })];

    /// <summary>Pairs that compete, the most contested first, at most <paramref name="most"/>.</summary>
    public CompetingNames[] Pairs(IReadOnlyList<string> names, int most)
    {
        var pairs =
            from first in Enumerable.Range(0, _classes)
            from second in Enumerable.Range(first + 1, _classes - first - 1)
            let contested = (double)(_contested[first, second] + _contested[second, first]) / _pixels
            let correlation = Correlation(first, second)
            where Hints.Compete(contested, correlation, (double)Math.Max(_labelled[first], _labelled[second]) / _pixels)
            orderby contested descending, correlation descending
            select new CompetingNames
            {
                First = names[first],
                Second = names[second],
                Contested = contested,
                Correlation = correlation,
                Hint = Hints.OfPair(contested, correlation),
            };
        return [.. pairs.Take(most)];
    }

    private void AddRanks(ReadOnlySpan<float> cosines, int pixel, int pixels)
    {
        var (best, second) = (0, -1);
        for (var label = 1; label < _classes; label++)
        {
            var cosine = cosines[label * pixels + pixel];
            if (cosine > cosines[best * pixels + pixel])
                (best, second) = (label, best);
            else if (second < 0 || cosine > cosines[second * pixels + pixel])
                second = label;
        }
        _best[best]++;
        if (second < 0)
            return;
        var top = cosines[best * pixels + pixel];
        var lead = (double)top - cosines[second * pixels + pixel];
        _leads[best] += lead;
        _next[best, second]++;
        if (lead < _closeLead)
        {
            _close[best]++;
            _contested[best, second]++;
        }
        for (var label = 0; label < _classes; label++)
            if (label != best && (double)top - cosines[label * pixels + pixel] is var behind && behind < _misses[label].Behind)
                _misses[label] = (behind, best);
    }

    private void AddProducts(ReadOnlySpan<float> cosines, int pixel, int pixels, float[] sample)
    {
        for (var label = 0; label < _classes; label++)
            sample[label] = cosines[label * pixels + pixel];
        _samples++;
        for (var first = 0; first < _classes; first++)
        {
            _sampleSums[first] += sample[first];
            for (var second = 0; second <= first; second++)
                _sampleProducts[first, second] += (double)sample[first] * sample[second];
        }
    }

    private int MostNext(int label)
    {
        var most = -1;
        for (var other = 0; other < _classes; other++)
            if (_next[label, other] > (most < 0 ? 0 : _next[label, most]))
                most = other;
        return most;
    }

    private double Correlation(int first, int second)
    {
        var deviations = Math.Sqrt(Covariance(first, first) * Covariance(second, second));
        return deviations > 0 ? Covariance(Math.Max(first, second), Math.Min(first, second)) / deviations : 0;
    }

    private double Covariance(int first, int second) =>
        _samples == 0 ? 0 : _sampleProducts[first, second] / _samples - _sampleSums[first] / _samples * (_sampleSums[second] / _samples);
}
