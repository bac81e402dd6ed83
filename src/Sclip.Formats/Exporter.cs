using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Formats.Pictures;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;
using Sclip.Labels;
using Sclip.Storage;

namespace Sclip.Formats;

/// <summary>
/// Exports labelled pictures. Masks are decoded and encoded on several threads and added in the order of the results, so that the same input
/// gives the same bytes; a few pictures are in memory at once, however many there are.
/// </summary>
public sealed class Exporter
{
    private readonly ExportSource _source;
    private readonly ExportMasks _masks;
    private readonly ExportOptions _options;
    private readonly Action<string, string> _failed;
    private readonly IProgress<ExportSummary>? _progress;
    private string? _firstPlace;

    private Exporter(ExportSource source, ExportOptions options, Action<string, string> failed, IProgress<ExportSummary>? progress) =>
        (_source, _masks, _options, _failed, _progress) = (source, new ExportMasks(source), options, failed, progress);

    /// <summary>Exports a source into a folder. Whenever this ends early, the folder is as it was.</summary>
    /// <param name="source">What is exported.</param>
    /// <param name="output">The folder, new or empty; with <see cref="ExportOptions.Force"/> also that of an earlier export.</param>
    /// <param name="options">How.</param>
    /// <param name="failed">Is told the name of each picture that fails, and why.</param>
    /// <param name="progress">Is told after each picture how far it is.</param>
    /// <param name="cancellationToken">Checked between pictures.</param>
    /// <exception cref="ExportException">The options do not fit, or the folder cannot be written.</exception>
    /// <exception cref="BlobStoreException">The store of the masks does not answer.</exception>
    public static async Task<ExportOutcome> RunAsync(
        ExportSource source, string output, ExportOptions options, Action<string, string> failed, IProgress<ExportSummary>? progress, CancellationToken cancellationToken)
    {
        options.Check();
        if (source.Job is null && (options.Reviewed is not null || options.Machine))
            throw new ExportException("--reviewed and --machine are for jobs in the store, which people review and correct; a folder knows of neither. Give the id of the job.");
        try
        {
            return await new Exporter(source, options, failed, progress).RunAsync(output, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ExportException($"{output} cannot be written: {error.Message}", error);
        }
    }

    private async Task<ExportOutcome> RunAsync(string output, CancellationToken cancellationToken)
    {
        var layer = PictureLayer.Of(_source, _options, output);
        using var folder = ExportFolder.Open(output, _source.Folder, ExportMarker.Of(_source, _options), _options.Force);
        var context = new ExportContext(folder, _source.Classes, _options);
        var summary = new ExportSummary();
        await using (var writer = _options.Format.Create(context))
        {
            summary = await AddAllAsync(context, writer, layer, cancellationToken);
            await writer.EndAsync(cancellationToken);
        }
        if (_options.Validation > 0 && summary.Exported > 0)
            context.Notices.AddRange(context.Splits.Counts.Where(part => part.Pictures == 0).Select(part => $"no picture is of the part {part.Name}, by the hashes of their names; training may want some: try another --validation."));
        layer?.End(output, context.Notices, cancellationToken);
        await folder.WriteAsync(new PictureFile(MaskLabels.FileName, MaskLabels.Write(_source.Classes)), cancellationToken);
        var counts = ExportMarker.Counts(summary);
        if (layer?.Counts is { } laid)
            (counts["copied"], counts["linked"], counts["written_anew"], counts["turned"], counts["changed"]) = (laid.Copied, laid.Linked, laid.Rewritten, laid.Turned, laid.Changed);
        if (_options.Reviewed is not null)
            counts["not_reviewed_so"] = summary.NotReviewedSo;
        if (summary.Corrected > 0)
            counts["corrected"] = summary.Corrected;
        if (_source.Void is not null)
            counts["void_pixels"] = summary.VoidPixels;
        if (summary.PolygonPixels > 0)
            (counts["polygon_pixels"], counts["changed_polygon_pixels"]) = (summary.PolygonPixels, summary.ChangedPixels);
        folder.Commit(counts, cancellationToken);
        return new ExportOutcome(summary, context.Notices)
        {
            Pictures = layer?.Counts,
            Parts = _options.Validation > 0 ? context.Splits.Counts : [],
            PicturesAt = _options.Format.HoldsPictures || _options.ImagePrefix.Length > 0 ? null : _firstPlace,
        };
    }

    private async Task<ExportSummary> AddAllAsync(ExportContext context, IFormatWriter writer, PictureLayer? layer, CancellationToken cancellationToken)
    {
        var (summary, number) = (new ExportSummary(), 0L);
        var (seen, keys) = (new HashSet<UInt128>(), new HashSet<UInt128>());
        await using var work = new OrderedWork<FilteredPicture>(_options.Threads, cancellationToken);
        await foreach (var item in _source.Items(work.Stop).WithCancellation(work.Stop))
        {
            number++;
            var result = _options.Machine ? item?.Result : item?.WithCorrection;
            if (Skip(item, result, summary) is { } skipped)
            {
                summary = skipped;
                continue;
            }
            if (!seen.Add(NameDigest.Of(result!.Image)))
            {
                summary = summary with { Failed = summary.Failed + 1 };
                _failed(JobNames.Shown(result.Image), "it has a second line in the results, and is exported once; label or bring it again.");
                continue;
            }
            // A picture is held beside its mask until it is laid.
            var size = (long)(result.Width ?? 0) * (result.Height ?? 0) * (layer is null ? 1 : 2);
            var place = number;
            await work.StartAsync(size, stop => EncodeAsync(context, writer, layer, result, place, stop), encoding => AddAsync(result, isCorrected: result.Mask != item!.Result.Mask, encoding));
        }
        await work.EndAsync();
        return summary;

        async Task AddAsync(ImageResult result, bool isCorrected, Task<FilteredPicture> encoding)
        {
            try
            {
                var (encoded, laid, place, split, pixelsOfIt, empty, labelled, doubtful, small) = await encoding;
                // A picture whose files are not all free leaves none behind.
                foreach (var name in encoded.Files.Select(file => file.Name).Concat(laid is not null && encoded.AddPictureAsync is null ? [laid.Name] : []))
                    context.Folder.RequireFree(name);
                if (encoded.Key is { } key && !keys.Add(NameDigest.Of(key)))
                    throw new PictureException($"another picture is known as {key} there, too, as where their names differ in the ending alone. Rename one of them and label it again.");
                foreach (var file in encoded.Files)
                    await context.Folder.WriteAsync(file, cancellationToken);
                if (laid is not null && encoded.AddPictureAsync is null)
                    await PictureLayer.LayAsync(laid, context.Folder, cancellationToken);
                if (encoded.AddAsync is { } add)
                    await add(cancellationToken);
                if (encoded.AddPictureAsync is { } addPicture)
                    await addPicture(laid?.Bytes, cancellationToken);
                if (laid is not null)
                    layer!.Count(laid);
                context.Splits.Add(split);
                _firstPlace ??= place;
                summary = summary with
                {
                    Exported = summary.Exported + 1,
                    Corrected = summary.Corrected + (isCorrected ? 1 : 0),
                    Pixels = summary.Pixels + pixelsOfIt,
                    VoidPixels = summary.VoidPixels + empty,
                    LabelledPixels = summary.LabelledPixels + labelled,
                    DoubtfulPixels = summary.DoubtfulPixels + doubtful,
                    SmallPixels = summary.SmallPixels + small,
                    PolygonPixels = summary.PolygonPixels + encoded.Loss.Pixels,
                    ChangedPixels = summary.ChangedPixels + encoded.Loss.Changed,
                };
            }
            catch (PictureException error)
            {
                summary = summary with { Failed = summary.Failed + 1 };
                _failed(JobNames.Shown(result.Image), error.Message);
            }
            _progress?.Report(summary);
        }
    }

    /// <summary>The counts with a picture that has nothing to export, or that was not asked for; null where it is exported.</summary>
    private ExportSummary? Skip(ExportItem? item, ImageResult? result, ExportSummary summary)
    {
        if (item is null || result is null)
            return summary with { Unreadable = summary.Unreadable + 1 };
        if (_options.Reviewed is { } decisions && !decisions.Contains(item.Review))
            return summary with { NotReviewedSo = summary.NotReviewedSo + 1 };
        if (result.Status == ImageStatus.Failed)
            return summary with { NotLabelled = summary.NotLabelled + 1 };
        var isLeftOut = (_options.MinConfidence is { } least && !(result.MeanConfidence >= least))
            || (_options.MaxDoubt is { } most && !(result.Doubt <= most))
            || (_options.MaxClassDoubt is not null && result.ClassDoubt is null);
        return isLeftOut ? summary with { LeftOut = summary.LeftOut + 1, LeftOutPixels = summary.LeftOutPixels + ((long)(result.Width ?? 0) * (result.Height ?? 0)) } : null;
    }

    private async Task<FilteredPicture> EncodeAsync(ExportContext context, IFormatWriter writer, PictureLayer? layer, ImageResult result, long number, CancellationToken cancellationToken)
    {
        var map = await _masks.ReadAsync(result, cancellationToken);
        // What an import left void is no class that was not asked for.
        var empty = _source.Void is null ? 0 : map.Labels.Length - DoubtFilter.Count(map);
        map.Keep(context.Kept);
        var labelled = DoubtFilter.Count(map);
        var doubtful = _options.MaxClassDoubt is { } ofClass ? DoubtFilter.DropClasses(map, _source.Classes, result.ClassDoubt!, ofClass) : 0;
        if (_options.MaxRegionDoubt is { } ofRegion && !result.IsCorrected)
            doubtful += DoubtFilter.DropRegions(map, await _masks.ReadDoubtAsync(result, map, cancellationToken), ofRegion);
        var picture = new LabelledPicture(number, result.Image, context.Splits.Of(result.Image), result.MeanConfidence, map, _options.MinArea);
        // Small regions become nothing in the label map as well, which formats of pixels write.
        var small = 0L;
        if (_options.MinArea > 1)
        {
            _ = picture.Regions;
            small = labelled - doubtful - DoubtFilter.Count(map);
        }
        cancellationToken.ThrowIfCancellationRequested();
        var encoded = writer.Encode(picture);
        var laid = layer is null ? null : await layer.PrepareAsync(picture, result, cancellationToken);
        return new FilteredPicture(encoded, laid, _options.Format.PictureAt?.Invoke(picture), picture.Split, map.Labels.Length, empty, labelled, doubtful, small);
    }

    /// <summary>A picture as a format has it and as it will lie in the export, where readers look for it, its part, its pixels, those of them that were void, those that had a class, and those that were too much in doubt, or too few together.</summary>
    private sealed record FilteredPicture(EncodedPicture Encoded, LaidPicture? Laid, string? Place, string Split, long Pixels, long Void, long Labelled, long Doubtful, long Small);
}
