using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;

namespace Sclip.Dispatcher.Board;

/// <summary>What of a job's document a list shows; only its priority ever changes. The document itself may be large, and is not kept.</summary>
internal sealed record JobFacts(DateTimeOffset Created, string Model, string Method, int Priority, int Classes, string Input)
{
    /// <summary>Those of a job whose document cannot be read.</summary>
    public static JobFacts Unknown { get; } = new(default, "", "", 0, 0, "");

    public static JobFacts Of(JobDocument job) => new(
        job.Created, job.Model, job.Settings.GivenMethod ?? "default method", job.Priority, job.Labels.Count, job.Input.Listed ? job.Input.Container : $"{job.Input.Container}/{job.Input.Prefix}");

    /// <summary>The job as lists show it.</summary>
    public JobProgress Progress(JobStatus status) => new()
    {
        // One whose documents cannot be used any more keeps its place.
        Status = status with { Created = Created },
        Model = Model,
        Method = Method,
        Priority = Priority,
        Classes = Classes,
        Input = Input,
    };
}
