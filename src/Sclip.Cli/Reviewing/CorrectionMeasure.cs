using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Reviewing;

/// <summary>Compares the machine's masks of a job with those that people corrected, which are the ground truth.</summary>
/// <param name="stores">Where the job lies.</param>
/// <param name="job">The job.</param>
internal sealed class CorrectionMeasure(JobStores stores, JobDocument job)
{
    private readonly IBlobStore _masks = stores.Outputs(job);
    private readonly ConfusionMatrix _matrix = new(job.Labels.Count, ignore: null);
    private readonly List<CorrectionScore> _pictures = [];

    /// <summary>The areas of all pictures.</summary>
    public ClassAreas Areas => _matrix.Areas();

    /// <summary>The measures by picture, the worst first.</summary>
    public IReadOnlyList<CorrectionScore> Pictures => [.. _pictures.OrderBy(picture => picture.MeanIou).ThenBy(picture => picture.Image, StringComparer.Ordinal)];

    /// <summary>Takes all pictures that are corrected.</summary>
    /// <param name="failed">Is told of each that cannot be compared, and why.</param>
    /// <param name="cancellationToken">Checked between pictures.</param>
    /// <returns>How many cannot.</returns>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public async Task<long> AddAllAsync(Action<string, string> failed, CancellationToken cancellationToken)
    {
        var failures = 0L;
        await foreach (var (results, images) in new ReviewedImages(stores).ReadWithResultsAsync(job.Id, cancellationToken))
            foreach (var result in results)
                if (images.GetValueOrDefault(result.Image)?.Counting is { } correction && await TryAddAsync(result, correction.Mask, cancellationToken) is { } reason)
                {
                    failures++;
                    failed(result.Image, reason);
                }
        return failures;
    }

    private async Task<string?> TryAddAsync(ImageResult result, string corrected, CancellationToken cancellationToken)
    {
        try
        {
            if (result.Mask is not { } mask)
                return "it was corrected, and has no machine's mask any more.";
            var (machine, truth) = (await ReadAsync(mask, cancellationToken), await ReadAsync(corrected, cancellationToken));
            if ((machine.Width, machine.Height) != (truth.Width, truth.Height))
                return $"its mask has {machine.Width} x {machine.Height} pixels, and the corrected one {truth.Width} x {truth.Height}.";
            var areas = new ClassAreas(job.Labels.Count);
            _matrix.Add(machine.Labels, truth.Labels, areas);
            _pictures.Add(new CorrectionScore(result.Image, areas));
            return null;
        }
        catch (Exception error) when (error is ImageDecodeException or LabelRangeException or BlobStoreException { Fault: not BlobStoreFault.Unavailable })
        {
            return error.Message;
        }
    }

    private async Task<LabelMap> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var (labels, width, height) = MaskDecoder.Read((await _masks.ReadAsync(name, ImageLimits.Default.MaxFileBytes, cancellationToken)).Bytes, ImageLimits.Default);
        return new LabelMap(labels, width, height);
    }
}

/// <summary>How good the machine's mask of a picture is.</summary>
/// <param name="Image">The picture.</param>
/// <param name="Areas">Its areas; the corrected mask is the ground truth.</param>
internal sealed record CorrectionScore(string Image, ClassAreas Areas)
{
    /// <summary>The mean IoU of its classes.</summary>
    public double MeanIou { get; } = Areas.MeanIou;

    /// <summary>Pixels that were corrected.</summary>
    public long Changed => CorrectionFigures.Changed(Areas);
}
