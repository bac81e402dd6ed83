using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Reports;
using Sclip.Labels;

namespace Sclip.Cli.Reviewing;

/// <summary>The measures of corrections as text.</summary>
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
                yield return Line(Printable.Line(label.Name), Figures.Percent(areas.Iou(index)), Figures.Percent(areas.Accuracy(index)), Figures.Whole(areas.Truth[index]));
        yield return Line("mean", Figures.Percent(areas.MeanIou), Figures.Percent(areas.MeanAccuracy), Figures.Whole(areas.Pixels));
        yield return "";
        yield return Line("picture", "mIoU", "aAcc", "corrected");
        foreach (var picture in pictures.Take(MostPictures))
            yield return Line(Printable.Line(picture.Image), Figures.Percent(picture.MeanIou), Figures.Percent(picture.Areas.OverallAccuracy), Figures.Whole(picture.Changed));
        if (pictures.Count > MostPictures)
            yield return $"and {Counted.Of(pictures.Count - MostPictures, "better one")}; --json has all.";
        yield return "";
        yield return $"{Counted.Of(pictures.Count, "corrected picture")} of job {job.Id}: {Figures.Whole(Changed(areas))} of {Figures.Whole(areas.Pixels)} pixels ({Figures.Percent((double)Changed(areas) / areas.Pixels)} %) were corrected.";

        // The end of a picture's path tells more than its beginning.
        string Line(string name, string first, string second, string third) => $"{(name.Length > width ? "…" + name[^(width - 1)..] : name).PadRight(width)} {first,8} {second,8} {third,14}";
    }
}
