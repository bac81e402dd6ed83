using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Formats;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Storage;

namespace Sclip.Dispatcher.Downloads;

/// <summary>The masks of a job as they are, with its classes and results, sent as they are read: nothing is held but a few masks.</summary>
/// <param name="source">The job.</param>
internal sealed class MaskDownload(ExportSource source) : IDownload
{
    private const int ReadsAtOnce = 8;

    /// <inheritdoc />
    public Task WriteAsync(Stream output, CancellationToken cancellationToken) => ResultArchive.WriteAsync(output, archive => FillAsync(archive, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task FillAsync(ResultArchive archive, CancellationToken cancellationToken)
    {
        var (masks, missing) = (0L, new List<string>());
        await foreach (var results in source.Results(cancellationToken).OfType<ImageResult>().Where(result => result.Status == ImageStatus.Ok).Chunk(ReadsAtOnce).WithCancellation(cancellationToken))
            foreach (var (result, mask, problem) in await Task.WhenAll(results.Select(result => ReadAsync(result, cancellationToken))))
                if (problem is null)
                {
                    await archive.AddAsync(result.Mask!, mask, cancellationToken);
                    masks++;
                }
                else
                {
                    missing.Add($"not in here: {JobNames.Shown(result.Image)}: {problem}");
                }
        await archive.AddAsync(MaskLabels.FileName, MaskLabels.Write(source.Classes), cancellationToken);
        await archive.AddResultsAsync(source.Results(cancellationToken), cancellationToken);
        await archive.AddNoteAsync([$"Job {source.Job}: {masks} masks. The value of a pixel is the place of its class in {MaskLabels.FileName}, from 0.", .. source.Unfinished is { } unfinished ? [unfinished] : (string[])[], .. missing], cancellationToken);
    }

    private async Task<(ImageResult Result, byte[] Mask, string? Problem)> ReadAsync(ImageResult result, CancellationToken cancellationToken)
    {
        if (result.Mask is not { } name || !OutputNames.Of(result).Contains(name))
            return (result, [], "its result names no mask.");
        try
        {
            return (result, (await source.Masks.ReadAsync(name, ImageLimits.Default.MaxFileBytes, cancellationToken)).Bytes, null);
        }
        catch (BlobStoreException error) when (error.Fault != BlobStoreFault.Unavailable)
        {
            return (result, [], error.Message);
        }
    }
}
