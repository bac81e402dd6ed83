using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Formats;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Storage;

namespace Sclip.Dispatcher.Downloads;

/// <summary>The masks of a job as they are, with its classes and results, sent as they are read: nothing is held but a few masks.</summary>
/// <param name="source">The job.</param>
/// <param name="reviewed">Only images on which one of these decisions holds; null takes all.</param>
internal sealed class MaskDownload(ExportSource source, IReadOnlyCollection<ReviewDecision>? reviewed) : IDownload
{
    private const int ReadsAtOnce = 8;

    /// <inheritdoc />
    public Task WriteAsync(Stream output, CancellationToken cancellationToken) => ResultArchive.WriteAsync(output, archive => FillAsync(archive, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task FillAsync(ResultArchive archive, CancellationToken cancellationToken)
    {
        var (masks, corrected, others, missing) = (0L, new Dictionary<string, Correction>(StringComparer.Ordinal), 0L, new List<string>());
        await foreach (var items in source.Items(cancellationToken).OfType<ExportItem>().Where(IsAsked).Chunk(ReadsAtOnce).WithCancellation(cancellationToken))
            foreach (var (item, mask, problem) in await Task.WhenAll(items.Select(item => ReadAsync(item, cancellationToken))))
                if (problem is null)
                {
                    await archive.AddAsync(item.Result.Mask!, mask, cancellationToken);
                    masks++;
                    if (item.Correction is { } correction)
                        corrected.TryAdd(item.Result.Image, correction);
                }
                else
                {
                    missing.Add($"not in here: {JobNames.Shown(item.Result.Image)}: {problem}");
                }
        await archive.AddAsync(MaskLabels.FileName, MaskLabels.Write(source.Classes), cancellationToken);
        // With the corrections that were taken, whatever came meanwhile.
        var results = ReviewChoice.Of(source, reviewed, cancellationToken).Select(item => item is null ? null : item with { Correction = corrected.GetValueOrDefault(item.Result.Image) });
        await archive.AddResultsAsync(results, cancellationToken);
        await archive.AddNoteAsync([$"Job {source.Job}: {Counted.Of(masks, "mask")}{(corrected.Count > 0 ? $", {corrected.Count} of them corrected by people" : "")}. The value of a pixel is the place of its class in {MaskLabels.FileName}, from 0.", .. new[] { ReviewChoice.Describe(others, reviewed), source.Unfinished }.OfType<string>(), .. missing], cancellationToken);

        bool IsAsked(ExportItem item)
        {
            if (ReviewChoice.Takes(item, reviewed))
                return item.Result.Status == ImageStatus.Ok;
            others++;
            return false;
        }
    }

    /// <summary>Reads the mask that counts: the corrected one, where there is one. It takes the machine's place.</summary>
    private async Task<(ExportItem Item, byte[] Mask, string? Problem)> ReadAsync(ExportItem item, CancellationToken cancellationToken)
    {
        if (item.Result.Mask is not { } own || !OutputNames.Of(item.Result).Contains(own))
            return (item, [], "its result names no mask.");
        try
        {
            return (item, (await source.Masks.ReadAsync(item.Correction?.Mask ?? own, ImageLimits.Default.MaxFileBytes, cancellationToken)).Bytes, null);
        }
        catch (BlobStoreException error) when (error.Fault != BlobStoreFault.Unavailable)
        {
            return (item, [], error.Message);
        }
    }
}
