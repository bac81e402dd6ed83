using System.Diagnostics;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Planning;
using Sclip.Hosting.Telemetry;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using static Sclip.Dispatcher.JobRequestException;

namespace Sclip.Dispatcher.Control;

/// <summary>Makes a job of a request: checks all that can be checked before a worker sees it, and writes it.</summary>
/// <param name="stores">The stores.</param>
/// <param name="account">Where containers are.</param>
/// <param name="images">Finds the job's images.</param>
public sealed class JobSubmission(JobStores stores, IBlobAccount account, JobImages images)
{
    private const int MostSamples = 1000;

    /// <summary>Writes the job, or finds the one that is there already.</summary>
    /// <returns>The job, and whether it is new.</returns>
    /// <exception cref="JobRequestException">The request is wrong, there are no images, or the id is another job's.</exception>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public async Task<(JobDocument Job, bool IsNew)> SubmitAsync(JobRequest request, CancellationToken cancellationToken)
    {
        var (job, names) = await NamedAsync(request, cancellationToken);
        return await WriteAsync(job, names, cancellationToken);
    }

    /// <summary>What <see cref="SubmitAsync"/> would write, without a write: it refuses the same.</summary>
    /// <returns>The job, the names of its images where they are a list, and whether it is there already.</returns>
    /// <exception cref="JobRequestException">The request is wrong, there are no images, or the id is another job's.</exception>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public async Task<(JobDocument Job, string[]? Names, bool IsThere)> TryAsync(JobRequest request, CancellationToken cancellationToken)
    {
        var (job, names) = await NamedAsync(request, cancellationToken);
        RequireImagesOnly(job, names);
        job = job with { Input = job.Input with { Listed = names is not null } };
        var there = await FindAsync(job, cancellationToken);
        if (there is null)
            await RequireAnImageAsync(job, cancellationToken);
        if (names is not null)
            await InputList.CheckAsync(stores.Jobs.Store, job.Id, names, cancellationToken);
        return (there ?? job, names, there is not null);
    }

    /// <summary>Writes a preview: an urgent job over a few of the images that a request would label. The same request and sample is the same preview, while the images are the same.</summary>
    /// <param name="request">What is to be tried.</param>
    /// <param name="sample">Which images: 0 takes some, 1 others, and so on.</param>
    /// <param name="cancellationToken">Ends it between blobs.</param>
    /// <returns>The job, and whether it is new.</returns>
    /// <exception cref="JobRequestException">The request is wrong, or there are no images.</exception>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public async Task<(JobDocument Job, bool IsNew)> PreviewAsync(JobRequest request, int sample, CancellationToken cancellationToken)
    {
        // An image a shard, so that as many workers as there are show something at once; and nobody labels the features of what is gone tomorrow.
        var job = JobRequestCheck.Check(await WholeAsync(request with { Id = null, Name = "preview", Priority = 9, ShardSize = 1 }, cancellationToken));
        job = job with { Settings = job.Settings with { KeepFeatures = null } };
        Require(sample is >= 0 and <= MostSamples, $"The sample must lie in 0..{MostSamples}; it is {sample}.");
        var names = request.Images is null ? await SampledAsync(job, cancellationToken) : JobRequestCheck.SortedNames(request.Images, job.Input);
        names = PreviewSample.Of(names, sample);
        var versions = await Task.WhenAll(names.Select(name => VersionAsync(job, name, cancellationToken)));
        return await WriteAsync(job with { Id = JobId.OfPreview(job, names, versions, request.New) }, names, cancellationToken);
    }

    /// <summary>How many images a request would label.</summary>
    /// <exception cref="JobRequestException">The request is wrong.</exception>
    /// <exception cref="BlobStoreException">The images cannot be listed.</exception>
    public async Task<long> CountImagesAsync(JobRequest request, CancellationToken cancellationToken)
    {
        var job = JobRequestCheck.Check(await WholeAsync(request, cancellationToken));
        return request.Images is null ? await images.StreamAsync(job, after: null, rest: null, cancellationToken).LongCountAsync(cancellationToken) : JobRequestCheck.SortedNames(request.Images, job.Input).Length;
    }

    private async Task<(JobDocument Job, string[]? Names)> NamedAsync(JobRequest request, CancellationToken cancellationToken)
    {
        var job = JobRequestCheck.Check(await WholeAsync(request, cancellationToken));
        var names = request.Images is null ? null : JobRequestCheck.SortedNames(request.Images, job.Input);
        return (job with { Id = request.Id ?? JobId.Of(job, names ?? [], request.New) }, names);
    }

    private async Task<(JobDocument Job, bool IsNew)> WriteAsync(JobDocument job, string[]? names, CancellationToken cancellationToken)
    {
        RequireImagesOnly(job, names);
        job = job with { Input = job.Input with { Listed = names is not null } };
        using var span = SclipTelemetry.Source.StartActivity("submit")?.SetTag("sclip.job", job.Id);
        job = job with { TraceParent = Activity.Current?.Id };
        var there = await FindAsync(job, cancellationToken);
        if (there is null)
        {
            await account.CreateContainerAsync(stores.Container, cancellationToken);
            await RequireAnImageAsync(job, cancellationToken);
        }
        if (names is not null)
            await InputList.WriteAsync(stores.Jobs.Store, job.Id, names, cancellationToken);
        if (there is not null)
            return (there, false);
        if (await stores.Jobs.CreateJobAsync(job, cancellationToken))
            return (job, true);
        return (await FindAsync(job, cancellationToken) ?? job, false);
    }

    private void RequireImagesOnly(JobDocument job, string[]? names) =>
        Require(names is null || job.Input.Container != stores.Container || !names.Any(name => name.StartsWith(JobNames.Root, StringComparison.Ordinal)),
            $"The list names blobs below {JobNames.Root} in the container {stores.Container}: those are jobs and their outputs, no images.");

    private async Task<string[]> SampledAsync(JobDocument job, CancellationToken cancellationToken)
    {
        await RequireAnImageAsync(job, cancellationToken);
        return await images.StreamAsync(job, after: null, rest: null, cancellationToken).Take(PreviewSample.LookedAt).Select(image => image.Name).ToArrayAsync(cancellationToken);
    }

    /// <summary>The tag of an image; empty where there is none of that name.</summary>
    private async Task<string> VersionAsync(JobDocument job, string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await stores.Images(job).FindAsync(name, cancellationToken))?.ETag ?? "";
        }
        catch (BlobStoreException error) when (error.Fault != BlobStoreFault.Unavailable)
        {
            return "";
        }
    }

    /// <summary>The request with what it takes from the job whose features it labels.</summary>
    private Task<JobRequest> WholeAsync(JobRequest request, CancellationToken cancellationToken) =>
        request.FeaturesOf is null ? Task.FromResult(request) : FeatureRequest.CompleteAsync(stores.Jobs, request, cancellationToken);

    private async Task<JobDocument?> FindAsync(JobDocument job, CancellationToken cancellationToken)
    {
        var there = await stores.Jobs.ReadJobAsync(job.Id, cancellationToken);
        return there is null || SettingsDifferences.Of(there.Describe(), (job with { Created = there.Created }).Describe()) is not { Length: > 0 } differences ? there : throw JobId.Taken(job.Id, differences);
    }

    private async Task RequireAnImageAsync(JobDocument job, CancellationToken cancellationToken)
    {
        var place = $"{job.Input.Container}/{job.Input.Prefix}";
        try
        {
            if (job.Input.Listed)
            {
                // Each image that is not there fails by itself; a container that is not there is the request's fault.
                await stores.Images(job).ListAsync(job.Input.Prefix, after: null, cancellationToken).AnyAsync(cancellationToken);
                return;
            }
            await foreach (var _ in images.StreamAsync(job, after: null, rest: null, cancellationToken))
                return;
        }
        catch (BlobStoreException error) when (error.Fault is BlobStoreFault.Missing or BlobStoreFault.Denied)
        {
            throw new JobRequestException(error.Fault == BlobStoreFault.Missing ? JobRequestFault.NotFound : JobRequestFault.Denied, $"The input {place} cannot be listed: {error.Message}", error);
        }
        throw new JobRequestException(JobRequestFault.NotFound, $"There are no images ({string.Join(", ", ImageDecoder.Endings)}) in {place}.");
    }
}
