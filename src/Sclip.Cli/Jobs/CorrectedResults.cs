using System.Runtime.CompilerServices;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary>The results of a job, those of corrected pictures as they are with the corrected masks.</summary>
/// <param name="stores">Where the job lies.</param>
/// <param name="job">The job.</param>
/// <param name="failed">Is told of each corrected mask that cannot be read, and why; its picture stays as the machine has it.</param>
internal sealed class CorrectedResults(JobStores stores, JobDocument job, Func<string, string, Task> failed)
{
    /// <summary>The results shard by shard, and the corrected masks by the names of the machine's.</summary>
    public async IAsyncEnumerable<(IReadOnlyList<ImageResult> Results, IReadOnlyDictionary<string, BlobContent> Masks)> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (results, images) in new ReviewedImages(stores).ReadWithResultsAsync(job.Id, cancellationToken))
        {
            var masks = new Dictionary<string, BlobContent>(StringComparer.Ordinal);
            var corrected = new List<ImageResult>(results.Count);
            foreach (var result in results)
                if (result.Mask is { } mask && images.GetValueOrDefault(result.Image)?.Counting is { } correction && await TryReadAsync(correction.Mask, cancellationToken) is { } content)
                {
                    masks[mask] = content;
                    corrected.Add(correction.ApplyTo(result));
                }
                else
                {
                    corrected.Add(result);
                }
            yield return (corrected, masks);
        }
    }

    private async Task<BlobContent?> TryReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await stores.Outputs(job).ReadAsync(name, int.MaxValue, cancellationToken);
        }
        catch (BlobStoreException error) when (error.Fault != BlobStoreFault.Unavailable)
        {
            await failed(name, error.Message);
            return null;
        }
    }
}
