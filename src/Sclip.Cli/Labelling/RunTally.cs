using Sclip.Contracts;
using Sclip.Evaluation.Predictions;
using Sclip.Evaluation.Reports;
using Sclip.Labels;

namespace Sclip.Cli.Labelling;

/// <summary>Counts the results of a run.</summary>
/// <param name="labels">The classes.</param>
internal sealed class RunTally(LabelSet labels)
{
    private const int MostWorst = 12, MostReasons = 100;
    private readonly Dictionary<string, ClassTally> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NameSample> _failures = new(StringComparer.Ordinal);
    private readonly SortedSet<ImageResult> _worst = new(Comparer<ImageResult>.Create((a, b) => a.Doubt != b.Doubt ? b.Doubt!.Value.CompareTo(a.Doubt!.Value) : string.CompareOrdinal(a.Image, b.Image)));
    private readonly List<(string Picture, string? Reason)> _failed = [];
    private readonly List<string> _unused = [];
    private (double Sum, long Pictures) _doubt;

    /// <summary>Pictures labelled by this run.</summary>
    public long Labelled { get; private set; }

    /// <summary>Windows computed by this run.</summary>
    public long Windows { get; private set; }

    /// <summary>The pictures that failed, with why.</summary>
    public IReadOnlyList<(string Picture, string? Reason)> Failed => _failed;

    /// <summary>Of the pictures labelled by this run, those whose kept features could not be used, with why.</summary>
    public IReadOnlyList<string> Unused => _unused;

    /// <summary>The mean doubt of all pictures; null where no result tells it.</summary>
    public double? Doubt => _doubt.Pictures == 0 ? null : _doubt.Sum / _doubt.Pictures;

    /// <summary>The pictures most in doubt, first the worst.</summary>
    public IReadOnlyList<ImageResult> Worst => [.. _worst];

    /// <summary>Pixels of each class that occurs, by its name.</summary>
    public IReadOnlyDictionary<string, long> Pixels => _classes.ToDictionary(item => item.Key, item => item.Value.Pixels);

    /// <summary>Failed pictures by reason, the most frequent first.</summary>
    public IEnumerable<FailureFigures> Failures => _failures.OrderByDescending(item => item.Value.Count).ThenBy(item => item.Key, StringComparer.Ordinal).Select(item => new FailureFigures(item.Key, item.Value.Count, item.Value.ToString()));

    /// <summary>Shares, pictures and doubt of each class, in the order of the label set.</summary>
    public IEnumerable<ClassFigures> Classes
    {
        get
        {
            var all = Math.Max(1, _classes.Values.Sum(item => item.Pixels));
            foreach (var label in labels.Classes)
                yield return _classes.GetValueOrDefault(label.Name) is { } tally
                    ? new ClassFigures((double)tally.Pixels / all, tally.Pictures, tally.DoubtPixels == 0 ? null : tally.Doubt / tally.DoubtPixels)
                    : new ClassFigures(0, 0, null);
        }
    }

    /// <summary>Counts a picture of this run, or one that an earlier run labelled.</summary>
    public void Add(ImageResult result, bool isNew)
    {
        if (result.Status == ImageStatus.Failed)
        {
            Fail(result);
            return;
        }
        if (isNew)
        {
            Labelled++;
            Windows += result.Windows ?? 0;
            if (result.FeaturesUnused is { } reason)
                _unused.Add($"{result.Image}: {reason}");
        }
        // Results of earlier versions have none.
        if (result.Doubt is { } doubt)
        {
            _doubt = (_doubt.Sum + doubt, _doubt.Pictures + 1);
            _worst.Add(result);
            if (_worst.Count > MostWorst)
                _worst.Remove(_worst.Max!);
        }
        foreach (var (name, count) in result.Pixels ?? new Dictionary<string, long>())
            Count(name, count, result.ClassDoubt?.TryGetValue(name, out var ofClass) == true ? ofClass : null);
    }

    private void Fail(ImageResult result)
    {
        _failed.Add((result.Image, result.Error));
        var reason = result.CountedError ?? "";
        var key = _failures.ContainsKey(reason) || _failures.Count < MostReasons ? reason : "other reasons";
        if (!_failures.TryGetValue(key, out var names))
            _failures.Add(key, names = new NameSample());
        names.Add(result.Image);
    }

    private void Count(string name, long pixels, double? doubt)
    {
        if (!_classes.TryGetValue(name, out var tally))
            _classes.Add(name, tally = new ClassTally());
        tally.Pixels += pixels;
        tally.Pictures++;
        if (doubt is { } mean)
            (tally.Doubt, tally.DoubtPixels) = (tally.Doubt + mean * pixels, tally.DoubtPixels + pixels);
    }

    private sealed class ClassTally
    {
        public long Pixels { get; set; }

        public long Pictures { get; set; }

        /// <summary>The sum of the doubt of the pixels whose doubt is told.</summary>
        public double Doubt { get; set; }

        public long DoubtPixels { get; set; }
    }
}
