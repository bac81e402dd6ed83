namespace Sclip.Labels;

/// <summary>Counts predictions against the ground truth, and gives the measures of MMSegmentation's IoUMetric.</summary>
/// <param name="classes">Number of classes.</param>
/// <param name="ignore">Ground-truth label, as it is stored, of pixels that do not count; null counts all.</param>
/// <param name="reduceZeroLabel">Whether the ground truth begins with 1: pixels of 0 do not count either, and the labels above are one less.</param>
public sealed class ConfusionMatrix(int classes, int? ignore = 255, bool reduceZeroLabel = false)
{
    private readonly long[] _counts = new long[(long)classes * classes];
    private readonly bool[] _predicted = new bool[ushort.MaxValue + 1];

    /// <summary>Number of classes.</summary>
    public int Classes => classes;

    /// <summary>Pixels of class <paramref name="truth"/> that were labelled <paramref name="prediction"/>.</summary>
    public long this[int truth, int prediction] => _counts[(long)truth * classes + prediction];

    /// <summary>Pixels that do not count, since their ground truth says so.</summary>
    public long Ignored { get; private set; }

    /// <summary>The labels that were predicted anywhere, also where no pixel counts, ascending.</summary>
    public IEnumerable<int> Predicted => _predicted.Index().Where(item => item.Item).Select(item => item.Index);

    /// <summary>Takes over counts of an earlier run.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="counts">Pixels, <c>[truth, prediction]</c>.</param>
    /// <param name="ignore">Ground-truth label of pixels that do not count; null counts all.</param>
    /// <param name="ignored">Pixels that did not count.</param>
    /// <exception cref="ArgumentException">There are not so many counts.</exception>
    public static ConfusionMatrix Of(int classes, ReadOnlySpan<long> counts, int? ignore = 255, long ignored = 0)
    {
        if (counts.Length != classes * classes)
            throw new ArgumentException($"{classes} classes have {classes * classes} counts; there are {counts.Length}.");
        var matrix = new ConfusionMatrix(classes, ignore) { Ignored = ignored };
        counts.CopyTo(matrix._counts);
        for (var i = 0; i < counts.Length; i++)
            matrix._predicted[i % classes] |= counts[i] > 0;
        return matrix;
    }

    /// <summary>Adds the pixels of one picture.</summary>
    /// <param name="prediction">Predicted class per pixel.</param>
    /// <param name="truth">Ground truth per pixel, as it is stored.</param>
    /// <param name="picture">Takes the pixels as well, for measures of this picture alone.</param>
    /// <exception cref="LabelRangeException">One holds a label that is no class, where the ground truth counts; pixels before it are added.</exception>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public void Add(ReadOnlySpan<ushort> prediction, ReadOnlySpan<ushort> truth, ClassAreas? picture = null)
    {
        var first = reduceZeroLabel ? 1 : 0;
        foreach (var run in new LabelRuns(prediction, truth))
        {
            var label = run.Truth - first;
            _predicted[run.Prediction] = true;
            if (run.Truth == ignore || label < 0)
            {
                Ignored += run.Length;
                picture?.Ignore(run.Length);
                continue;
            }
            if (label >= classes)
                throw new LabelRangeException(run.Start, run.Truth, inTruth: true, classes);
            if (run.Prediction >= classes)
                throw new LabelRangeException(run.Start, run.Prediction, inTruth: false, classes);
            _counts[(long)label * classes + run.Prediction] += run.Length;
            picture?.Add(label, run.Prediction, run.Length);
        }
    }

    /// <summary>Adds the counts of another matrix of as many classes: parts of a data set that were counted apart, in whatever order.</summary>
    /// <exception cref="ArgumentException">It has another number of classes.</exception>
    public void Add(ConfusionMatrix other)
    {
        if (other.Classes != classes)
            throw new ArgumentException($"A matrix of {other.Classes} classes cannot be added to one of {classes}.");
        for (var i = 0L; i < _counts.LongLength; i++)
            _counts[i] += other._counts[i];
        Ignored += other.Ignored;
        foreach (var label in other.Predicted)
            _predicted[label] = true;
    }

    /// <summary>The counts of some classes among themselves, in the order given; what does not count, and what is <see cref="Predicted"/>, stays.</summary>
    public ConfusionMatrix Only(IReadOnlyList<int> labels)
    {
        var part = new ConfusionMatrix(labels.Count, ignore, reduceZeroLabel) { Ignored = Ignored };
        _predicted.CopyTo(part._predicted, 0);
        for (var truth = 0; truth < labels.Count; truth++)
            for (var prediction = 0; prediction < labels.Count; prediction++)
                part._counts[truth * labels.Count + prediction] = this[labels[truth], labels[prediction]];
        return part;
    }

    /// <summary>The classes' areas, summed up once for many measures.</summary>
    public ClassAreas Areas()
    {
        var areas = new ClassAreas(classes);
        areas.Ignore(Ignored);
        for (var truth = 0; truth < classes; truth++)
            for (var prediction = 0; prediction < classes; prediction++)
                areas.Add(truth, prediction, this[truth, prediction]);
        return areas;
    }

    /// <summary>Intersection over union of a class; null where it is in neither prediction nor ground truth.</summary>
    public double? Iou(int label) => Areas().Iou(label);

    /// <summary>Share of a class's ground-truth pixels that were found; null where it has none.</summary>
    public double? Accuracy(int label) => Areas().Accuracy(label);

    /// <summary>mIoU: the mean over the classes that have an IoU.</summary>
    public double MeanIou => Areas().MeanIou;

    /// <summary>mAcc: the mean over the classes that have an accuracy.</summary>
    public double MeanAccuracy => Areas().MeanAccuracy;

    /// <summary>aAcc: the share of all pixels that are labelled right.</summary>
    public double OverallAccuracy => Areas().OverallAccuracy;
}
