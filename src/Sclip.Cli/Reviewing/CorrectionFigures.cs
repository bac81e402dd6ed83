using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Reports;
using Sclip.Labels;

namespace Sclip.Cli.Reviewing;

/// <summary>The measures of corrections as text and as JSON.</summary>
internal static class CorrectionFigures
{
    private const int MostPictures = 12;
    private const int LongestName = 40;

    /// <summary>Pixels that were corrected.</summary>
    public static long Changed(ClassAreas areas)
    {
        var right = 0L;
        foreach (var pixels in areas.Intersection)
            right += pixels;
        return areas.Pixels - right;
    }

    /// <summary>A line a class, and a line a picture for the worst.</summary>
    public static IEnumerable<string> Lines(JobDocument job, CorrectionMeasure measure)
    {
        var (areas, pictures) = (measure.Areas, measure.Pictures);
        var width = Math.Clamp(job.Labels.Select(label => label.Name.Length).Concat(pictures.Take(MostPictures).Select(picture => picture.Image.Length)).Max(), 10, LongestName);
        yield return Line("class", "IoU", "Acc", "pixels");
        foreach (var (index, label) in job.Labels.Index())
            if (areas.Has(index))
                yield return Line(label.Name, Figures.Percent(areas.Iou(index)), Figures.Percent(areas.Accuracy(index)), Figures.Whole(areas.Truth[index]));
        yield return Line("mean", Figures.Percent(areas.MeanIou), Figures.Percent(areas.MeanAccuracy), Figures.Whole(areas.Pixels));
        yield return "";
        yield return Line("picture", "mIoU", "aAcc", "corrected");
        foreach (var picture in pictures.Take(MostPictures))
            yield return Line(picture.Image, Figures.Percent(picture.MeanIou), Figures.Percent(picture.Areas.OverallAccuracy), Figures.Whole(picture.Changed));
        if (pictures.Count > MostPictures)
            yield return $"and {pictures.Count - MostPictures} better ones; --json has all.";
        yield return "";
        yield return $"{Counted.Of(pictures.Count, "corrected picture")} of job {job.Id}: {Figures.Whole(Changed(areas))} of {Figures.Whole(areas.Pixels)} pixels ({Figures.Percent((double)Changed(areas) / areas.Pixels)} %) were corrected.";

        // The end of a picture's path tells more than its beginning.
        string Line(string name, string first, string second, string third) => $"{(name.Length > width ? "…" + name[^(width - 1)..] : name).PadRight(width)} {first,8} {second,8} {third,14}";
    }

    /// <summary>All of it; shares are 0..1.</summary>
    public static JsonObject Json(JobDocument job, CorrectionMeasure measure)
    {
        var areas = measure.Areas;
        return new JsonObject
        {
            ["job"] = job.Id,
            ["pictures"] = measure.Pictures.Count,
            ["pixels"] = areas.Pixels,
            ["corrected_pixels"] = Changed(areas),
            ["mean_iou"] = Share(areas.MeanIou),
            ["mean_accuracy"] = Share(areas.MeanAccuracy),
            ["accuracy"] = Share(areas.OverallAccuracy),
            ["classes"] = new JsonArray([.. job.Labels.Select((label, index) => Class(label, areas, index))]),
            ["images"] = new JsonArray([.. measure.Pictures.Select(picture => Picture(job, picture))]),
        };
    }

    private static JsonObject Class(LabelClass label, ClassAreas areas, int index) =>
        new() { ["name"] = label.Name, ["iou"] = Share(areas.Iou(index)), ["accuracy"] = Share(areas.Accuracy(index)), ["pixels"] = areas.Truth[index] };

    private static JsonObject Picture(JobDocument job, CorrectionScore picture) => new()
    {
        ["image"] = picture.Image,
        ["mean_iou"] = Share(picture.MeanIou),
        ["accuracy"] = Share(picture.Areas.OverallAccuracy),
        ["corrected_pixels"] = picture.Changed,
        ["iou"] = new JsonObject(job.Labels.Index().Where(item => picture.Areas.Has(item.Index)).Select(item => KeyValuePair.Create(item.Item.Name, (JsonNode?)Share(picture.Areas.Iou(item.Index))))),
    };

    private static JsonValue? Share(double? share) => share is { } value && !double.IsNaN(value) ? JsonValue.Create(value) : null;
}
