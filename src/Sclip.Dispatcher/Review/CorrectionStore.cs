using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Dispatcher.Gallery;
using Sclip.Hosting.Telemetry;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Review;

/// <summary>Takes the corrected masks that are sent, and finds those that are there.</summary>
internal sealed class CorrectionStore(JobStores stores, JobCorrections corrections, JobGallery gallery, WatchedDecoder decoder) : IDisposable
{
    // As of thumbnails: a mask that can be shown can be corrected.
    private static readonly ImageLimits Limits = new() { MaxPixels = 50_000_000, MaxFileBytes = Http.Problems.LargestRequest };
    private readonly SemaphoreSlim _turns = new(2);

    /// <summary>Writes a corrected mask.</summary>
    /// <param name="job">The job.</param>
    /// <param name="image">The image.</param>
    /// <param name="shard">Its shard; null looks for it.</param>
    /// <param name="file">The mask: a PNG of the job's class indices.</param>
    /// <param name="by">Who sends it.</param>
    /// <param name="condition">What must hold of the correction that is there.</param>
    /// <param name="cancellationToken">Looked at between steps.</param>
    /// <exception cref="JobRequestException">The job has no such image, the mask does not fit it, or the condition does not hold.</exception>
    public async Task<Correction> WriteAsync(JobDocument job, string image, int? shard, byte[] file, string by, WriteCondition condition, CancellationToken cancellationToken)
    {
        var (place, result) = await FindResultAsync(job.Id, image, shard, cancellationToken);
        var png = await CheckAsync(job, result, file, cancellationToken);
        var written = (await corrections.WriteAsync(job, place, [new CorrectedMask(image, png, condition)], by, cancellationToken))[0];
        await gallery.TakeMarksAsync(job, [place], cancellationToken);
        return written
            ?? throw new JobRequestException(JobRequestFault.PreconditionFailed,
                condition.IfMissing ? $"'{JobNames.Shown(image)}' is corrected already; name that correction's tag in If-Match to replace it." : $"The correction of '{JobNames.Shown(image)}' is another one than If-Match names: somebody was faster. Look at it first.");
    }

    /// <summary>Finds the correction of an image.</summary>
    /// <param name="id">The job.</param>
    /// <param name="image">The image.</param>
    /// <param name="shard">Its shard; null looks for it.</param>
    /// <param name="cancellationToken">Looked at between shards.</param>
    /// <exception cref="JobRequestException">There is none.</exception>
    public async Task<Correction> FindAsync(string id, string image, int? shard, CancellationToken cancellationToken)
    {
        var shards = shard is { } given ? new[] { given }.ToAsyncEnumerable() : corrections.ListAsync(id, cancellationToken).Select(item => item.Shard);
        await foreach (var some in shards)
            if ((await corrections.ReadAsync(id, some, cancellationToken)).TryGetValue(image, out var found))
                return found;
        throw new JobRequestException(JobRequestFault.NotFound, $"'{JobNames.Shown(image)}' of job {id} is not corrected.");
    }

    /// <inheritdoc />
    public void Dispose() => _turns.Dispose();

    private async Task<(int Shard, ImageResult Result)> FindResultAsync(string id, string image, int? shard, CancellationToken cancellationToken)
    {
        var shards = shard is { } given ? new[] { given }.ToAsyncEnumerable()
            : stores.Jobs.ListShardsAsync(JobNames.Results(id), cancellationToken).Concat(stores.Jobs.ListShardsAsync(JobNames.Drafts(id), cancellationToken));
        await foreach (var some in shards)
            if ((await stores.Jobs.ReadLatestAsync(id, some, cancellationToken))?.FirstOrDefault(result => result.Image == image) is { } found)
                return (some, found);
        throw new JobRequestException(JobRequestFault.NotFound, shard is null
            ? $"Job {id} has no result of '{JobNames.Shown(image)}': it is no image of the job, or not labelled yet."
            : $"Shard {shard} of job {id} has no result of '{JobNames.Shown(image)}': the image is not in it, or not labelled yet.");
    }

    private async Task<byte[]> CheckAsync(JobDocument job, ImageResult result, byte[] file, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await (decoder with { Lost = _ => SclipTelemetry.LostThreads.Add(1) }).RunAsync(result.Image, _ => Encode(job, result, file), cancellationToken);
        }
        catch (ImageDecodeException error)
        {
            throw new JobRequestException(JobRequestFault.Invalid, $"The mask of '{JobNames.Shown(result.Image)}' cannot be read: {error.Message}", error);
        }
        finally
        {
            _turns.Release();
        }
    }

    private static byte[] Encode(JobDocument job, ImageResult result, byte[] file)
    {
        var (labels, width, height) = MaskDecoder.Read(file, Limits);
        return CorrectionCheck.Encode(job, result, new LabelMap(labels, width, height));
    }
}
