using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Worker.Engines;

/// <summary>Where shards have their engines from: a pool that serves many jobs, or the one engine of a command.</summary>
public interface IEngineSource
{
    /// <summary>Ids of the models in memory, where it knows them by ids.</summary>
    IReadOnlyList<string> Models => [];

    /// <summary>Shards that are in work at the same time: one for each device.</summary>
    int Devices => 1;

    /// <summary>Models that jobs wait for, where it has them by ids.</summary>
    IReadOnlyList<ModelWait> Waits => [];

    /// <summary>Why a job cannot be begun now, where that is known already; null where it is to be tried.</summary>
    JobHold? WhyNot(JobDocument job) => null;

    /// <summary>Takes a model with an embedded label set; both are there until the lease is disposed of.</summary>
    /// <param name="modelId">The model, <c>organisation/name</c>.</param>
    /// <param name="guideId">The guide of methods that need one, likewise; null without.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="templates">Prompts, <c>{}</c> for the name; null takes the model's own, else ImageNet's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="JobException">There is no such model, it is corrupt, or the classes or templates cannot be used.</exception>
    /// <exception cref="ModelUnavailableException">The model cannot be had now.</exception>
    Task<IEngineLease> RentAsync(string modelId, string? guideId, IReadOnlyList<LabelClass> classes, IReadOnlyList<string>? templates, CancellationToken cancellationToken);
}
