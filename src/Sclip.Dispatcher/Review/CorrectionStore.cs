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

/// <summary>Takes the corrected masks that are sent, and finds and takes back those that are there.</summary>
internal sealed class CorrectionStore(JobStores stores, JobCorrections corrections, JobGallery gallery, WatchedDecoder decoder) : IDisposable
{
    private const int BodiesAtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestBody = TimeSpan.FromMinutes(2);
    // As of thumbnails: a mask that can be shown can be corrected.
    private static readonly ImageLimits Limits = new() { MaxPixels = 50_000_000, MaxFileBytes = Http.Problems.LargestRequest };
    private readonly SemaphoreSlim _bodies = new(BodiesAtOnce);
    private readonly SemaphoreSlim _turns = new(2);

    /// <summary>Writes a corrected mask.</summary>
    /// <param name="job">The job.</param>
    /// <param name="image">The image.</param>
    /// <param name="shard">Its shard; null looks for it.</param>
    /// <param name="file">The mask as it comes: a PNG of the job's class indices.</param>
    /// <param name="by">Who sends it.</param>
    /// <param name="condition">What must hold of the correction that is there.</param>
    /// <param name="cancellationToken">Checked between steps.</param>
    /// <exception cref="JobRequestException">The job has no such image, the mask does not fit it, the condition does not hold, or too many masks come at once.</exception>
    public async Task<Correction> WriteAsync(JobDocument job, string image, int? shard, Stream file, string by, WriteCondition condition, CancellationToken cancellationToken)
    {
        var (place, result) = await FindResultAsync(job.Id, image, shard, cancellationToken);
        // Before the body is read, which is held in memory.
        if (!await _bodies.WaitAsync(Patience, cancellationToken))
            throw new JobRequestException(JobRequestFault.Busy, $"{BodiesAtOnce} corrected masks are being taken in, which is as many as at once may be. Send this one again in a moment.");
        try
        {
            var mask = await CheckAsync(job, result, await ReadAsync(result.Image, file, cancellationToken), condition, cancellationToken);
            var written = (await corrections.WriteAsync(job, place, [mask], by, cancellationToken))[0];
            await gallery.TakeMarksAsync(job, [place], cancellationToken);
            return written ?? throw Failed(image, condition);
        }
        finally
        {
            _bodies.Release();
        }
    }

    /// <summary>Takes a correction back: the machine's mask counts again.</summary>
    /// <param name="job">The job.</param>
    /// <param name="image">The image.</param>
    /// <param name="shard">Its shard; null looks for it.</param>
    /// <param name="condition">Which correction is taken back; whichever there is where it names none.</param>
    /// <param name="cancellationToken">Checked between shards.</param>
    /// <exception cref="JobRequestException">There is none, or another one.</exception>
    public async Task WithdrawAsync(JobDocument job, string image, int? shard, WriteCondition condition, CancellationToken cancellationToken)
    {
        var (place, there) = await FindAsync(job.Id, image, shard, cancellationToken);
        if (!await corrections.WithdrawAsync(job.Id, place, image, condition.IfMatches ?? there.Sha256, cancellationToken))
            throw Failed(image, condition);
        await gallery.TakeMarksAsync(job, [place], cancellationToken);
    }

    /// <summary>Finds the correction of an image.</summary>
    /// <param name="id">The job.</param>
    /// <param name="image">The image.</param>
    /// <param name="shard">Its shard; null looks for it.</param>
    /// <param name="cancellationToken">Checked between shards.</param>
    /// <exception cref="JobRequestException">There is none.</exception>
    public async Task<(int Shard, Correction Correction)> FindAsync(string id, string image, int? shard, CancellationToken cancellationToken) =>
        await corrections.FindAsync(id, image, shard, cancellationToken) ?? throw new JobRequestException(JobRequestFault.NotFound, $"'{JobNames.Shown(image)}' of job {id} is not corrected.");

    /// <inheritdoc />
    public void Dispose()
    {
        _bodies.Dispose();
        _turns.Dispose();
    }

    private static JobRequestException Failed(string image, WriteCondition condition) => new(JobRequestFault.PreconditionFailed, condition.IfMissing
        ? $"'{JobNames.Shown(image)}' is corrected already; name that correction's tag in If-Match to replace it."
        : $"The correction of '{JobNames.Shown(image)}' is another one than If-Match names: somebody was faster. Look at it first.");

    private static async Task<byte[]> ReadAsync(string image, Stream file, CancellationToken cancellationToken)
    {
        // Whoever sends a byte now and then does not keep others out for ever.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestBody);
        using var body = new MemoryStream();
        try
        {
            await file.CopyToAsync(body, limit.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new JobRequestException(JobRequestFault.Invalid, $"The mask of '{JobNames.Shown(image)}' did not come within {LongestBody.TotalMinutes} minutes.", error);
        }
        return body.ToArray();
    }

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

    private async Task<CorrectedMask> CheckAsync(JobDocument job, ImageResult result, byte[] file, WriteCondition condition, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await (decoder with { Lost = _ => SclipTelemetry.LostThreads.Add(1) }).RunAsync(result.Image, _ => Encode(job, result, file, condition), cancellationToken);
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

    private static CorrectedMask Encode(JobDocument job, ImageResult result, byte[] file, WriteCondition condition)
    {
        var (labels, width, height) = MaskDecoder.Read(file, Limits);
        return CorrectionCheck.Encode(job, result, new LabelMap(labels, width, height), condition);
    }
}
