using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Dispatcher.Planning;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Estimating;

/// <summary>Tells what a job would take before it is submitted: it refuses what a submit would refuse, and writes nothing.</summary>
/// <param name="submission">What would submit it.</param>
/// <param name="images">Finds its images.</param>
/// <param name="stores">Where they lie.</param>
public sealed class JobEstimator(JobSubmission submission, JobImages images, JobStores stores)
{
    private const int LookedAt = 24;
    private const int HeadBytes = 64 << 10;
    private const int ReadsAtOnce = 8;
    private static readonly (int Width, int Height) Usual = (1024, 768);

    /// <summary>Estimates a job.</summary>
    /// <param name="request">The job.</param>
    /// <param name="fleetOf">The workers that would take a job of a device; asked when its images are counted.</param>
    /// <param name="pricePerWorkerHour">What an hour of a worker costs; null where that is not known.</param>
    /// <param name="patience">How long images are counted; null counts all.</param>
    /// <param name="cancellationToken">Checked between blobs.</param>
    /// <exception cref="JobRequestException">A submit would refuse the request.</exception>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public async Task<JobEstimate> EstimateAsync(JobRequest request, Func<string?, Task<FleetSpeed>> fleetOf, double? pricePerWorkerHour, TimeSpan? patience, CancellationToken cancellationToken)
    {
        var (job, names, isThere) = await submission.TryAsync(request, cancellationToken);
        var (sample, complete) = await CountAsync(job, names, patience, cancellationToken);
        var sizes = job.FeaturesOf is null ? await SizesAsync(job, sample.Items, cancellationToken) : [];
        var perImage = job.FeaturesOf is null ? WindowsOf(job.Settings, sizes.Count == 0 ? [Usual] : sizes) : 0;
        var windows = (long)Math.Round(perImage * sample.Seen);
        var fleet = await fleetOf(job.Device);
        double? workerSeconds = fleet.WindowsPerSecond is { } speed && job.FeaturesOf is null ? windows / (speed / fleet.Workers) : null;
        return new JobEstimate
        {
            Id = job.Id,
            IsThere = isThere,
            Images = sample.Seen,
            Complete = complete,
            Sampled = sizes.Count,
            WindowsPerImage = Math.Round(perImage, 2),
            Windows = windows,
            Workers = fleet.Workers,
            WindowsPerSecond = Rounded(fleet.WindowsPerSecond),
            Seconds = Rounded(workerSeconds / fleet.Workers),
            WorkerSeconds = Rounded(workerSeconds),
            Cost = workerSeconds / 3600 * pricePerWorkerHour is { } cost ? Math.Round(cost, 2) : null,
            Notes = [.. EstimateNotes.Of(job, isThere, complete, sample.Items.Count, sizes.Count, fleet)],
        };
    }

    private async Task<(SpreadSample<string> Sample, bool Complete)> CountAsync(JobDocument job, string[]? names, TimeSpan? patience, CancellationToken cancellationToken)
    {
        var sample = new SpreadSample<string>(LookedAt);
        if (names is not null)
        {
            foreach (var name in names)
                sample.Add(name);
            return (sample, true);
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience ?? Timeout.InfiniteTimeSpan);
        try
        {
            await foreach (var image in images.StreamAsync(job, after: null, rest: null, limit.Token))
                sample.Add(image.Name);
            return (sample, true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (sample, false);
        }
    }

    /// <summary>Sizes of images as far as the beginnings of their files tell them.</summary>
    private async Task<IReadOnlyList<(int Width, int Height)>> SizesAsync(JobDocument job, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var store = stores.Images(job);
        var sizes = new (int Width, int Height)?[names.Count];
        await Parallel.ForEachAsync(names.Index(), new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (item, token) => sizes[item.Index] = await SizeAsync(store, item.Item, token));
        return [.. sizes.OfType<(int Width, int Height)>()];
    }

    private static async Task<(int Width, int Height)?> SizeAsync(IBlobStore store, string name, CancellationToken cancellationToken)
    {
        try
        {
            return PictureHead.Read(await store.ReadHeadAsync(name, HeadBytes, cancellationToken)).Upright is { Width: > 0, Height: > 0 } size ? size : null;
        }
        catch (BlobStoreException error) when (error.Fault != BlobStoreFault.Unavailable)
        {
            // It fails as an image, later.
            return null;
        }
    }

    /// <summary>The mean windows of pictures of some sizes.</summary>
    private static double WindowsOf(JobSettings settings, IReadOnlyList<(int Width, int Height)> sizes)
    {
        var crop = settings.Crop ?? JobSettings.AuthorsCrop;
        var stride = settings.Stride ?? Math.Max(1, Math.Min(JobSettings.AuthorsStride, crop));
        return sizes.Average(size =>
        {
            var (width, height) = ImageResizer.SizeByShortSide(size.Width, size.Height, settings.ShortSide ?? JobSettings.AuthorsShortSide);
            return (double)WindowCount.Of(width, height, crop, stride);
        });
    }

    private static double? Rounded(double? value) => value is { } number && double.IsFinite(number) ? Math.Round(number, 1) : null;
}
