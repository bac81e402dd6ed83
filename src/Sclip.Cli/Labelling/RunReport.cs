using System.Text;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Reports;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Labelling;

/// <summary>Writes the page of <c>--report</c> into the folder of a run: <c>report.html</c>.</summary>
/// <param name="context">Told of pictures that cannot be shown.</param>
/// <param name="output">The folder of the run.</param>
/// <param name="pictures">The run's pictures.</param>
/// <param name="limits">What a picture may be at most.</param>
internal sealed class RunReport(CliContext context, string output, IReadOnlyList<PictureReference> pictures, ImageLimits limits)
{
    /// <summary>The page's name in the folder.</summary>
    public const string FileName = "report.html";

    /// <summary>Writes it, with the pictures most in doubt as they are now.</summary>
    /// <param name="summary">What the run came to.</param>
    /// <param name="tally">Its results.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="about">What the run was, a line of text each.</param>
    /// <exception cref="UserException">It cannot be written.</exception>
    public async Task WriteAsync(LabelSummary summary, RunTally tally, LabelSet labels, IReadOnlyList<string> about)
    {
        var figures = FiguresOf(summary, tally, labels, about);
        var names = figures.Worst.Select(result => result.Image).ToHashSet(StringComparer.Ordinal);
        var references = pictures.Where(picture => names.Contains(picture.Name)).ToDictionary(picture => picture.Name, StringComparer.Ordinal);
        var originals = new Dictionary<string, RgbImage?>(StringComparer.Ordinal);
        foreach (var (name, reference) in references)
            originals[name] = await ReadAsync(reference);
        var report = new LabellingReport(figures, result => originals.GetValueOrDefault(result.Image), Mask);
        var path = Path.Combine(output, FileName);
        try
        {
            // Whole or not at all: an earlier page is of use until this one is there.
            await using (var html = new StreamWriter(path + ".part", append: false, new UTF8Encoding(false)))
                report.Write(html);
            File.Move(path + ".part", path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"The report {path} cannot be written: {error.Message}", error);
        }
        if (report.NotShown is { Count: > 0 } lacking)
            await context.Error.WriteLineAsync($"warning: {lacking.Count} of the {figures.Worst.Count} pictures that the report shows cannot be read any more: {lacking}");
    }

    private static LabellingFigures FiguresOf(LabelSummary summary, RunTally tally, LabelSet labels, IReadOnlyList<string> about) => new()
    {
        Classes = labels.Classes,
        About = about,
        Labelled = summary.Labelled + summary.Skipped,
        Failed = summary.Failed,
        Left = summary.Left,
        Doubt = summary.Doubt,
        OfClasses = [.. tally.Classes],
        Failures = [.. tally.Failures],
        Worst = tally.Worst,
        Warnings = summary.Warnings,
    };

    /// <summary>A picture, small; null where it cannot be read now, which spoils no report.</summary>
    private async Task<RgbImage?> ReadAsync(PictureReference reference)
    {
        try
        {
            var file = await reference.Store.ReadAsync(reference.BlobName, limits.MaxFileBytes, context.Abort);
            return await context.Decoder.RunAsync(reference.Name, token => Thumbnail.Of(context.Decoder.Decode(file.Bytes, limits, token), LabellingReport.PictureSide), context.Abort);
        }
        catch (Exception error) when (error is BlobStoreException or ImageDecodeException)
        {
            return null;
        }
    }

    private LabelMap? Mask(ImageResult result)
    {
        try
        {
            if (result.Mask is not { } mask || JobNames.Refusal(mask) is not null)
                return null;
            var (labels, width, height) = MaskDecoder.Read(File.ReadAllBytes(Path.Combine(output, mask)), ImageLimits.None);
            return new LabelMap(labels, width, height);
        }
        catch (Exception error) when (error is ImageDecodeException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
