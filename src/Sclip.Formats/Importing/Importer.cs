using System.Text;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Formats.Formats;
using Sclip.Formats.Writing;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Importing;

/// <summary>
/// Writes annotations of others as a folder of the shape that <c>sclip label</c> writes. Pictures are read and encoded on several threads and
/// written in the order of the annotations; a few are in memory at once, however many there are.
/// </summary>
public sealed class Importer
{
    private const string ResultsName = "results.jsonl", VoidName = "void";
    private readonly ImportRequest _request;
    private readonly ImportTarget _target;
    private readonly RgbColor[] _palette, _paletteWithVoid;
    private readonly string _voidName;

    private Importer(ImportRequest request)
    {
        (_request, _target) = (request, request.Target);
        _palette = Palette.Of(_target.Classes);
        _paletteWithVoid = [.. _palette, .. Palette.PascalVoc(_target.Void + 1)[_palette.Length..]];
        _paletteWithVoid[_target.Void] = VocLabelMap.VoidColor;
        _voidName = VoidName;
        while (_target.Classes.Any(label => label.Name == _voidName))
            _voidName = $"({_voidName})";
    }

    /// <summary>Imports. Whenever this ends early, the folder is as it was.</summary>
    /// <param name="request">What, and where to.</param>
    /// <param name="failed">Is told the name of each picture that fails, and why.</param>
    /// <param name="progress">Is told after each picture how far it is.</param>
    /// <param name="cancellationToken">Checked between pictures.</param>
    /// <exception cref="ImportException">The annotations cannot be listed any more.</exception>
    /// <exception cref="ExportException">The folder cannot be written.</exception>
    public static async Task<ImportSummary> RunAsync(ImportRequest request, Action<string, string> failed, IProgress<ImportSummary>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return await new Importer(request).RunAsync(failed, progress, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ExportException($"{request.Output} cannot be written: {error.Message}", error);
        }
    }

    private async Task<ImportSummary> RunAsync(Action<string, string> failed, IProgress<ImportSummary>? progress, CancellationToken cancellationToken)
    {
        using var folder = ExportFolder.Open(_request.Output, Directory.Exists(_request.Source) ? _request.Source : null, Marker(), _request.Force);
        await using (var lines = folder.Create(ResultsName))
        {
            var summary = await AddAllAsync(folder, lines, failed, progress, cancellationToken);
            await folder.WriteAsync(new PictureFile(MaskLabels.FileName, MaskLabels.Write(_target.Classes)), cancellationToken);
            await lines.FlushAsync(cancellationToken);
            folder.Commit(Counts(summary), cancellationToken);
            return summary;
        }
    }

    private async Task<ImportSummary> AddAllAsync(ExportFolder folder, FileStream lines, Action<string, string> failed, IProgress<ImportSummary>? progress, CancellationToken cancellationToken)
    {
        var (summary, names) = (new ImportSummary(), new MaskNames());
        await using var work = new OrderedWork<ImportedPicture>(_request.Threads, cancellationToken);
        foreach (var picture in _request.Set.Pictures(work.Stop))
        {
            if (!names.Add(picture))
            {
                summary = summary with { Failed = summary.Failed + 1 };
                failed(JobNames.Shown(picture), "it is there a second time, and is imported once.");
                continue;
            }
            var clash = names.Clash(picture);
            // What is too large is refused before memory is taken for it.
            var size = Math.Min(_request.Set.PixelsOf(picture), OrderedWork<ImportedPicture>.MostPixels);
            await work.StartAsync(size, _ => Task.FromResult(clash is null ? Read(picture) : ImportedPicture.Of(Failure(picture, FailureReasons.Name, clash))), AddAsync);
        }
        await work.EndAsync();
        return summary;

        async Task AddAsync(Task<ImportedPicture> reading)
        {
            var (result, mask, pixels, ofNothing) = await WriteAsync(folder, await reading, cancellationToken);
            if (mask is null)
                failed(JobNames.Shown(result.Image), result.Error!);
            await lines.WriteAsync(Encoding.UTF8.GetBytes(result.ToLine() + "\n"), cancellationToken);
            summary = mask is null
                ? summary with { Failed = summary.Failed + 1 }
                : summary with { Imported = summary.Imported + 1, Pixels = summary.Pixels + pixels, VoidPixels = summary.VoidPixels + ofNothing };
            progress?.Report(summary);
        }
    }

    private static async Task<ImportedPicture> WriteAsync(ExportFolder folder, ImportedPicture picture, CancellationToken cancellationToken)
    {
        try
        {
            if (picture.Mask is { } mask)
            {
                folder.RequireFree(picture.Result.Mask!);
                await folder.WriteAsync(new PictureFile(picture.Result.Mask!, mask), cancellationToken);
            }
            return picture;
        }
        catch (PictureException error)
        {
            return ImportedPicture.Of(Failure(picture.Result.Image, FailureReasons.Name, error.Message));
        }
    }

    private ImportedPicture Read(string picture)
    {
        try
        {
            if (JobNames.Refusal(picture) is { } refusal)
                return ImportedPicture.Of(Failure(picture, FailureReasons.Name, refusal));
            return Encode(picture, _target.Map(_request.Set.Read(picture)));
        }
        catch (ImportException error)
        {
            return ImportedPicture.Of(Failure(picture, FailureReasons.Damaged, error.Message));
        }
    }

    private ImportedPicture Encode(string picture, LabelMap map)
    {
        var counts = new long[_target.Classes.Count];
        foreach (ref var label in map.Labels.AsSpan())
            if (label == LabelMap.Nothing)
                label = _target.Void;
            else
                counts[label]++;
        var ofNothing = map.Labels.LongLength - counts.Sum();
        var pixels = counts.Index().Where(item => item.Item > 0).ToDictionary(item => _target.Classes[item.Index].Name, item => item.Item);
        // So that the counts are those of the mask, void and all.
        if (ofNothing > 0)
            pixels.Add(_voidName, ofNothing);
        using var png = new MemoryStream();
        MaskEncoder.Write(png, map.Labels, map.Width, map.Height, ofNothing > 0 ? _paletteWithVoid : _palette);
        var result = new ImageResult { Image = picture, Status = ImageStatus.Ok, Mask = OutputNames.Mask(picture), Width = map.Width, Height = map.Height, Pixels = pixels };
        return new ImportedPicture(result, png.ToArray(), map.Labels.LongLength, ofNothing);
    }

    private static ImageResult Failure(string picture, string reason, string error) => new() { Image = picture, Status = ImageStatus.Failed, Reason = reason, Error = error };

    private FolderMarker Marker()
    {
        var settings = new JsonObject { ["source"] = FolderMarker.Place(_request.Source), ["labels"] = JsonNode.Parse(MaskLabels.Write(_target.Classes)) };
        foreach (var (key, value) in _request.Settings)
            settings[key] = value?.DeepClone();
        return new FolderMarker { Command = "import", Void = _target.Void, Settings = settings };
    }

    private static JsonObject Counts(ImportSummary summary) => new()
    {
        ["imported"] = summary.Imported,
        ["failed"] = summary.Failed,
        ["pixels"] = summary.Pixels,
        ["void_pixels"] = summary.VoidPixels,
    };

    /// <summary>A picture with its mask; without one, it failed.</summary>
    private sealed record ImportedPicture(ImageResult Result, byte[]? Mask, long Pixels, long OfNothing)
    {
        public static ImportedPicture Of(ImageResult failure) => new(failure, null, 0, 0);
    }
}
