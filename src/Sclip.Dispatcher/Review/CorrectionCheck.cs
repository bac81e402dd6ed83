using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Review;

/// <summary>Holds corrected masks to the job and the image that they are of, and brings them to the form of the machine's.</summary>
public static class CorrectionCheck
{
    /// <summary>The corrected mask as it is to be written: its file is a palette PNG of the job's classes, as the machine's is.</summary>
    /// <param name="job">The job.</param>
    /// <param name="result">The image's result.</param>
    /// <param name="mask">The mask: class indices of the job.</param>
    /// <param name="condition">What must hold of the correction that is there.</param>
    /// <exception cref="JobRequestException">It is of another size, holds what is no class of the job, or there is no machine's mask that it could stand beside.</exception>
    public static CorrectedMask Encode(JobDocument job, ImageResult result, LabelMap mask, WriteCondition condition)
    {
        if (result is not { Status: ImageStatus.Ok, Mask: not null, Width: { } width, Height: { } height })
            throw Invalid($"'{JobNames.Shown(result.Image)}' could not be labelled, and has no mask to be corrected; `sclip retry {job.Id} --failed` labels it again.");
        if ((mask.Width, mask.Height) != (width, height))
            throw Invalid($"the mask has {mask.Width} x {mask.Height} pixels, and '{JobNames.Shown(result.Image)}' has {width} x {height}.");
        var nothing = mask.Labels.LongCount(label => label == LabelMap.Nothing);
        if (nothing > 0)
            throw Invalid($"{nothing} of the mask's {mask.Labels.Length} pixels {(nothing == 1 ? "is" : "are")} of no class; a corrected mask says one for each.");
        var outside = mask.Labels.AsSpan().IndexOfAnyExceptInRange((ushort)0, (ushort)(job.Labels.Count - 1));
        if (outside >= 0)
            throw Invalid($"the mask holds class {mask.Labels[outside]} at {outside % width},{outside / width}, and job {job.Id} has the classes 0 to {job.Labels.Count - 1}.");
        using var png = new MemoryStream();
        MaskEncoder.Write(png, mask.Labels, width, height, Palette.Of(job.Labels));
        return new CorrectedMask(result, png.ToArray(), Count(job, mask), condition);
    }

    private static Dictionary<string, long> Count(JobDocument job, LabelMap mask)
    {
        var counts = new long[job.Labels.Count];
        foreach (var label in mask.Labels)
            counts[label]++;
        return counts.Index().Where(item => item.Item > 0).ToDictionary(item => job.Labels[item.Index].Name, item => item.Item, StringComparer.Ordinal);
    }

    private static JobRequestException Invalid(string message) => new(JobRequestFault.Invalid, message);
}
