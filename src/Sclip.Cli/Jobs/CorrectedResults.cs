using System.Runtime.CompilerServices;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary>The results of a job, those of corrected pictures with the pixels of the corrected masks.</summary>
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
                if (result.Mask is { } mask && images.GetValueOrDefault(result.Image)?.Corrected is { } name && await TryReadAsync(name, cancellationToken) is (var content, var pixels))
                {
                    masks[mask] = content;
                    corrected.Add(result with { Pixels = pixels });
                }
                else
                {
                    corrected.Add(result);
                }
            yield return (corrected, masks);
        }
    }

    private async Task<(BlobContent Content, IReadOnlyDictionary<string, long> Pixels)?> TryReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var content = await stores.Outputs(job).ReadAsync(name, int.MaxValue, cancellationToken);
            return (content, Count(content.Bytes));
        }
        catch (Exception error) when (error is ImageDecodeException or BlobStoreException { Fault: not BlobStoreFault.Unavailable })
        {
            await failed(name, error.Message);
            return null;
        }
    }

    private Dictionary<string, long> Count(byte[] file)
    {
        var counts = new long[job.Labels.Count];
        foreach (var label in MaskDecoder.Read(file, ImageLimits.None).Labels)
            if (label < counts.Length)
                counts[label]++;
        return counts.Index().Where(item => item.Item > 0).ToDictionary(item => job.Labels[item.Index].Name, item => item.Item);
    }
}
