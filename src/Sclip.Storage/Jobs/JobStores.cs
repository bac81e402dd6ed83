using Sclip.Contracts.Jobs;

namespace Sclip.Storage.Jobs;

/// <summary>The stores that a job touches: its documents, its images and its outputs.</summary>
/// <param name="Container">Name of the container that holds jobs.</param>
/// <param name="Jobs">The documents.</param>
/// <param name="Images">Where a job's images lie.</param>
/// <param name="Outputs">Where a job's masks, overlays, scores and features go.</param>
public sealed record JobStores(string Container, JobBlobs Jobs, Func<JobDocument, IBlobStore> Images, Func<JobDocument, IBlobStore> Outputs)
{
    /// <summary>Where the outputs of the job lie whose kept features a job labels (<see cref="JobDocument.FeaturesOf"/>); null where it labels none.</summary>
    public Func<JobDocument, IBlobStore?> Features { get; init; } = _ => null;

    /// <summary>All in one account: jobs with their outputs in one container, images in others (or the same).</summary>
    public static JobStores Of(IBlobAccount account, string container)
    {
        var store = account.Container(container);
        return new JobStores(container, new JobBlobs(store), job => account.Container(job.Input.Container), job => new SubStore(store, JobNames.Folder(job.Id)))
        {
            Features = job => job.FeaturesOf is { } other ? new SubStore(store, JobNames.Folder(other)) : null,
        };
    }
}
