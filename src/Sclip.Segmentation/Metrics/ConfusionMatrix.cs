namespace Sclip.Segmentation;

/// <summary>Counts predictions against the ground truth, and gives the measures of MMSegmentation's IoUMetric.</summary>
/// <param name="classes">Number of classes.</param>
/// <param name="ignore">Ground-truth label of pixels that do not count; null counts all.</param>
public sealed class ConfusionMatrix(int classes, int? ignore = 255)
{
    private readonly long[] _counts = new long[classes * classes];

    /// <summary>Pixels of class <paramref name="truth"/> that were labelled <paramref name="prediction"/>.</summary>
    public long this[int truth, int prediction] => _counts[truth * classes + prediction];

    /// <summary>Takes over counts of an earlier run.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="counts">Pixels, <c>[truth, prediction]</c>.</param>
    /// <param name="ignore">Ground-truth label of pixels that do not count; null counts all.</param>
    /// <exception cref="ArgumentException">There are not so many counts.</exception>
    public static ConfusionMatrix Of(int classes, ReadOnlySpan<long> counts, int? ignore = 255)
    {
        if (counts.Length != classes * classes)
            throw new ArgumentException($"{classes} classes have {classes * classes} counts; there are {counts.Length}.");
        var matrix = new ConfusionMatrix(classes, ignore);
        counts.CopyTo(matrix._counts);
        return matrix;
    }

    /// <summary>Adds the pixels of one picture.</summary>
    /// <exception cref="ArgumentException">The two differ in length, or hold a label that is no class.</exception>
    public void Add(ReadOnlySpan<ushort> prediction, ReadOnlySpan<ushort> truth)
    {
        if (prediction.Length != truth.Length)
            throw new ArgumentException($"The prediction has {prediction.Length} pixels, the ground truth {truth.Length}.");
        for (var i = 0; i < truth.Length; i++)
        {
            if (truth[i] == ignore)
                continue;
            if (truth[i] >= classes || prediction[i] >= classes)
                throw new ArgumentException($"Pixel {i} is labelled {prediction[i]}, its ground truth is {truth[i]}; there are {classes} classes.");
            _counts[truth[i] * classes + prediction[i]]++;
        }
    }

    /// <summary>Intersection over union of a class; null where it is in neither prediction nor ground truth.</summary>
    public double? Iou(int label) => Ratio(this[label, label], Truth(label) + Predicted(label) - this[label, label]);

    /// <summary>Share of a class's ground-truth pixels that were found; null where it has none.</summary>
    public double? Accuracy(int label) => Ratio(this[label, label], Truth(label));

    /// <summary>mIoU: the mean over the classes that have an IoU.</summary>
    public double MeanIou => Mean(Iou);

    /// <summary>mAcc: the mean over the classes that have an accuracy.</summary>
    public double MeanAccuracy => Mean(Accuracy);

    /// <summary>aAcc: the share of all pixels that are labelled right.</summary>
    public double OverallAccuracy => Ratio(Enumerable.Range(0, classes).Sum(label => this[label, label]), _counts.Sum()) ?? double.NaN;

    private static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;

    private long Truth(int label) => Enumerable.Range(0, classes).Sum(prediction => this[label, prediction]);

    private long Predicted(int label) => Enumerable.Range(0, classes).Sum(truth => this[truth, label]);

    private double Mean(Func<int, double?> measure) => Enumerable.Range(0, classes).Select(measure).Average() ?? double.NaN;
}
