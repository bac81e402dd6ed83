using Sclip.Contracts.Jobs;

namespace Sclip.Worker.Engines;

/// <summary>Why a worker cannot begin a job now, while another may.</summary>
/// <param name="For">What kind of thing is waited for.</param>
/// <param name="Reason">What is waited for, on one line.</param>
public sealed record JobHold(JobWaitKind For, string Reason)
{
    /// <summary>The hold of jobs that need a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cause">Why it is not there, as it follows the model's name.</param>
    public static JobHold OfModel(string model, string cause) => new(JobWaitKind.Model, $"waiting for model {model}: it {cause}");
}
