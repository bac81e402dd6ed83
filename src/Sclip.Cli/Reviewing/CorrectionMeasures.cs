using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Cli.Reviewing;

/// <summary>What <c>sclip review --against corrections --json</c> prints; shares are 0 to 1, and null where nothing is to be measured.</summary>
internal sealed record CorrectionMeasures
{
    /// <summary>The job's id.</summary>
    public required string Job { get; init; }

    /// <summary>Pictures that were corrected.</summary>
    public required long Pictures { get; init; }

    /// <summary>Their pixels.</summary>
    public required long Pixels { get; init; }

    /// <summary>Of these, those that were corrected.</summary>
    public required long CorrectedPixels { get; init; }

    public double? MeanIou { get; init; }

    public double? MeanAccuracy { get; init; }

    /// <summary>The share of pixels that the machine had right.</summary>
    public double? Accuracy { get; init; }

    /// <summary>All classes of the job, in its order.</summary>
    public required IReadOnlyList<MeasuredClass> Classes { get; init; }

    /// <summary>The pictures, the worst first.</summary>
    public required IReadOnlyList<MeasuredImage> Images { get; init; }

    /// <summary>Sums up what was measured.</summary>
    public static CorrectionMeasures Of(JobDocument job, CorrectionMeasure measure)
    {
        var (areas, pictures) = (measure.Areas, measure.Pictures);
        return new CorrectionMeasures
        {
            Job = job.Id,
            Pictures = pictures.Count,
            Pixels = areas.Pixels,
            CorrectedPixels = CorrectionFigures.Changed(areas),
            MeanIou = Share(areas.MeanIou),
            MeanAccuracy = Share(areas.MeanAccuracy),
            Accuracy = Share(areas.OverallAccuracy),
            Classes = [.. job.Labels.Select((label, index) => new MeasuredClass { Name = label.Name, Iou = Share(areas.Iou(index)), Accuracy = Share(areas.Accuracy(index)), Pixels = areas.Truth[index] })],
            Images = [.. pictures.Select(picture => ImageOf(job.Labels, picture))],
        };
    }

    private static MeasuredImage ImageOf(IReadOnlyList<LabelClass> labels, CorrectionScore picture) => new()
    {
        Image = picture.Image,
        MeanIou = Share(picture.MeanIou),
        Accuracy = Share(picture.Areas.OverallAccuracy),
        CorrectedPixels = picture.Changed,
        Iou = labels.Index().Where(item => picture.Areas.Has(item.Index)).Select(item => (item.Item.Name, Iou: Share(picture.Areas.Iou(item.Index)))).Where(item => item.Iou is not null).ToDictionary(item => item.Name, item => item.Iou!.Value),
    };

    // JSON has no NaN.
    private static double? Share(double? share) => share is { } value && !double.IsNaN(value) ? value : null;
}

/// <summary>The measures of a class.</summary>
internal sealed record MeasuredClass
{
    public required string Name { get; init; }

    public double? Iou { get; init; }

    public double? Accuracy { get; init; }

    /// <summary>Its pixels in the corrected masks.</summary>
    public required long Pixels { get; init; }
}

/// <summary>The measures of a picture.</summary>
internal sealed record MeasuredImage
{
    public required string Image { get; init; }

    public double? MeanIou { get; init; }

    public double? Accuracy { get; init; }

    public required long CorrectedPixels { get; init; }

    /// <summary>The IoU of the classes that occur in it, by their names.</summary>
    public required IReadOnlyDictionary<string, double> Iou { get; init; }
}
