using System.Runtime.CompilerServices;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Planning;

/// <summary>The images of a job, as a stream in an order that stays the same: listed below a prefix, named in a list, or those of the job whose features it labels.</summary>
/// <param name="stores">The stores.</param>
public sealed class JobImages(JobStores stores)
{
    /// <summary>Streams the images.</summary>
    /// <param name="job">The job.</param>
    /// <param name="after">Only images behind this one of the stream, where given.</param>
    /// <param name="rest">Hears at the end how many blobs are behind the last image that are folders, or no images by their endings.</param>
    /// <param name="cancellationToken">Checked between blobs.</param>
    /// <exception cref="BlobStoreException">The container cannot be listed.</exception>
    public IAsyncEnumerable<ImageReference> StreamAsync(JobDocument job, string? after, Action<long>? rest, CancellationToken cancellationToken) =>
        job.Input.Listed ? NamedAsync(job, after, cancellationToken)
        : job.FeaturesOf is { } other ? OfJobAsync(other, after, cancellationToken)
        : ListedAsync(job, after, rest, cancellationToken);

    private async IAsyncEnumerable<ImageReference> ListedAsync(JobDocument job, string? after, Action<long>? rest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var images = stores.Images(job);
        var others = 0L;
        await foreach (var blob in images.ListAsync(job.Input.Prefix, after, cancellationToken))
        {
            if (IsOutput(job, blob.Name))
                continue;
            if (blob.IsFolder || !ImageDecoder.HasEnding(blob.Name))
            {
                others++;
                continue;
            }
            yield return new ImageReference { Name = blob.Name, Bytes = blob.Bytes, ETag = blob.ETag, OthersBefore = others > 0 ? others : null };
            others = 0;
        }
        rest?.Invoke(others);
    }

    private async IAsyncEnumerable<ImageReference> NamedAsync(JobDocument job, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in InputList.ReadAsync(stores.Jobs.Store, job.Id, cancellationToken))
            if (name.Length > 0 && (after is null || string.CompareOrdinal(name, after) > 0))
                yield return new ImageReference { Name = name };
    }

    /// <summary>The images that another job labelled, whatever has come to its container since.</summary>
    private async IAsyncEnumerable<ImageReference> OfJobAsync(string id, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isBehind = after is null;
        var plan = await stores.Jobs.ReadPlanAsync(id, cancellationToken) ?? throw Gone(id, JobNames.Plan(id));
        for (var shard = 0; shard < plan.Shards; shard++)
            foreach (var image in await stores.Jobs.ReadShardAsync(id, shard, cancellationToken) ?? throw Gone(id, JobNames.Shard(id, shard)))
                if (isBehind)
                    yield return image with { OthersBefore = null };
                else
                    isBehind = image.Name == after;
    }

    private static BlobStoreException Gone(string id, string name) => new(BlobStoreFault.Missing, $"{name} is gone, which told the images of job {id}, whose features are to be labelled.");

    /// <summary>Masks and overlays of jobs are no images to label, where they share the container with images.</summary>
    private bool IsOutput(JobDocument job, string name) => name.StartsWith(JobNames.Root, StringComparison.Ordinal) && job.Input.Container == stores.Container;
}
