using System.Globalization;
using Sclip.Contracts.Jobs;

namespace Sclip.Dispatcher.Estimating;

/// <summary>What an estimate rests on, in sentences.</summary>
internal static class EstimateNotes
{
    /// <summary>The notes of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="isThere">Whether it is there already.</param>
    /// <param name="complete">Whether all of its images were counted.</param>
    /// <param name="read">Images whose file was read.</param>
    /// <param name="known">Those of them whose size is known.</param>
    /// <param name="fleet">The workers.</param>
    public static IEnumerable<string> Of(JobDocument job, bool isThere, bool complete, int read, int known, FleetSpeed fleet)
    {
        if (isThere)
            yield return $"Job {job.Id} is there already: a submit gives that one, and labels nothing again.";
        if (!complete)
            yield return "There are more images: these are what could be counted in time.";
        if (job.FeaturesOf is { } other)
        {
            yield return $"The kept features of job {other} are labelled, without windows: about a hundredth of the time that its images took.";
            yield break;
        }
        if (known == 0)
            yield return "The beginnings of the files do not tell their sizes: images are taken for 1024 x 768.";
        else if (known < read)
            yield return string.Create(CultureInfo.InvariantCulture, $"Of {read} images, the beginnings of {known} tell their size, and the others are taken to be alike.");
        if (job.Settings is not { ShortSide: not null, Crop: not null, Stride: not null })
            yield return $"Where nothing else is set, windows are the authors' (short side {JobSettings.AuthorsShortSide}, window {JobSettings.AuthorsCrop}, stride {JobSettings.AuthorsStride}); a model that brings its own takes those.";
        if (job.Settings.PatchStride is not null || job.Settings.PamrSteps > 0)
            yield return "A patch stride and edge refinement take longer than windows tell.";
        if (fleet.Workers == 0)
            yield return job.Device is { } device ? $"No worker on {device} is at work now." : "No worker is at work now.";
        else if (fleet.Told == 0)
            yield return "The workers have computed nothing yet since they started: how fast they are is not known.";
        else
            yield return "The time is by what these workers computed since they started, of whatever models, and without the jobs that are before this one.";
    }
}
