namespace Sclip.Labels;

/// <summary>Areas of classes in pixels, and the measures of MMSegmentation's IoUMetric that follow from them.</summary>
/// <param name="classes">Number of classes.</param>
public sealed class ClassAreas(int classes)
{
    private readonly long[] _intersection = new long[classes], _truth = new long[classes], _prediction = new long[classes];

    /// <summary>Pixels of each class that were labelled so.</summary>
    public ReadOnlySpan<long> Intersection => _intersection;

    /// <summary>Pixels of each class in the ground truth.</summary>
    public ReadOnlySpan<long> Truth => _truth;

    /// <summary>Pixels that were labelled as each class, of those whose ground truth counts.</summary>
    public ReadOnlySpan<long> Prediction => _prediction;

    /// <summary>Pixels that count.</summary>
    public long Pixels => _truth.Sum();

    /// <summary>Pixels that do not count, since their ground truth says so.</summary>
    public long Ignored { get; private set; }

    /// <summary>The share of all pixels that do not count, 0..1.</summary>
    public double IgnoredShare => Ratio(Ignored, Ignored + Pixels) ?? 0;

    /// <summary>mIoU: the mean over the classes that have an IoU.</summary>
    public double MeanIou => Mean(Iou);

    /// <summary>mAcc: the mean over the classes that have an accuracy.</summary>
    public double MeanAccuracy => Mean(Accuracy);

    /// <summary>aAcc: the share of all pixels that are labelled right; NaN where there is none.</summary>
    public double OverallAccuracy => Ratio(_intersection.Sum(), Pixels) ?? double.NaN;

    /// <summary>Intersection over union of a class; null where it is in neither prediction nor ground truth.</summary>
    public double? Iou(int label) => Ratio(_intersection[label], _truth[label] + _prediction[label] - _intersection[label]);

    /// <summary>Share of a class's ground-truth pixels that were found; null where it has none.</summary>
    public double? Accuracy(int label) => Ratio(_intersection[label], _truth[label]);

    /// <summary>Whether a class is in the prediction or in the ground truth.</summary>
    public bool Has(int label) => _truth[label] + _prediction[label] > 0;

    /// <summary>Forgets all pixels.</summary>
    public void Clear()
    {
        Array.Clear(_intersection);
        Array.Clear(_truth);
        Array.Clear(_prediction);
        Ignored = 0;
    }

    internal void Ignore(long pixels) => Ignored += pixels;

    internal void Add(int truth, int prediction, long pixels)
    {
        _truth[truth] += pixels;
        _prediction[prediction] += pixels;
        if (truth == prediction)
            _intersection[truth] += pixels;
    }

    private static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;

    private double Mean(Func<int, double?> measure) => Enumerable.Range(0, classes).Select(measure).Average() ?? double.NaN;
}
