using System.Globalization;
using Sclip.Contracts.Jobs;
using Sclip.Labels;

namespace Sclip.Dispatcher.Control;

/// <summary>What a request does not do whose job is there already.</summary>
public static class RepeatedRequest
{
    /// <summary>What a person should know who asked for it again.</summary>
    /// <param name="job">The job that is there.</param>
    /// <param name="request">The request that came again.</param>
    /// <param name="isPlanned">Whether the job's images are known; those that come later are not in it.</param>
    public static IReadOnlyList<string> Notes(JobDocument job, JobRequest request, bool isPlanned)
    {
        var notes = new List<string>();
        if (isPlanned)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"Job {job.Id} of {job.Created:yyyy-MM-dd HH:mm:ss'Z'} is this very request; images that were added or changed since are not in it. "
                + $"For a job of what is there now, give another id, or ask for a new one (\"new\": true in a request, --new on the command line)."));
        if (request.Name is { } name && name != job.Name)
            notes.Add($"The job {(job.Name is { } called ? $"is called '{called}'" : "has no name")}, and stays so: the name '{name}' of this request was not taken over.");
        if (request.Priority != job.Priority)
            notes.Add($"The job has the priority {job.Priority}, and keeps it: the priority {request.Priority} of this request was not taken over.");
        if (request.Device != job.Device)
            notes.Add($"The job asks for {(job.Device is { } device ? $"the device {device}" : "no device")}, and stays so: the device of this request was not taken over.");
        return [.. notes, .. NotedClasses.Of(request.Labels).Except(job.LabelNotes ?? [])];
    }
}
