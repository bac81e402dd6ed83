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
internal sealed class RunReport
{
    /// <summary>The page's name in the folder.</summary>
    public const string FileName = "report.html";

    private readonly CliContext _context;
    private readonly string _output;
    private readonly IReadOnlyList<PictureReference> _pictures;
    private readonly ImageLimits _limits;

    private RunReport(CliContext context, string output, IReadOnlyList<PictureReference> pictures, ImageLimits limits) =>
        (_context, _output, _pictures, _limits) = (context, output, pictures, limits);

    /// <summary>Where the page lies.</summary>
    public string Path => System.IO.Path.Combine(_output, FileName);

    // Whole or not at all: an earlier page is of use until this one is there.
    private string Part => Path + ".part";

    /// <summary>Prepares the page, before anything is labelled that it might not be written for.</summary>
    /// <param name="context">Told of pictures that cannot be shown.</param>
    /// <param name="output">The folder of the run.</param>
    /// <param name="pictures">The run's pictures.</param>
    /// <param name="limits">What a picture may be at most.</param>
    /// <exception cref="UserException">It cannot be written there.</exception>
    public static RunReport Open(CliContext context, string output, IReadOnlyList<PictureReference> pictures, ImageLimits limits)
    {
        var report = new RunReport(context, output, pictures, limits);
        try
        {
            if (Directory.Exists(report.Path))
                throw new IOException("it is a folder.");
            File.Create(report.Part).Dispose();
            File.Delete(report.Part);
            return report;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{report.Refusal(error)} Nothing was labelled; leave --report out, or choose another --out.", error);
        }
    }

    /// <summary>Writes it, with the pictures most in doubt as they are now.</summary>
    /// <param name="summary">What the run came to.</param>
    /// <param name="tally">Its results.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="about">What the run was, a line of text each.</param>
    /// <returns>Null; or why it could not be written, and what to do.</returns>
    public async Task<string?> TryWriteAsync(LabelSummary summary, RunTally tally, LabelSet labels, IReadOnlyList<string> about)
    {
        var figures = FiguresOf(summary, tally, labels, about);
        var names = figures.Worst.Select(result => result.Image).ToHashSet(StringComparer.Ordinal);
        var references = _pictures.Where(picture => names.Contains(picture.Name)).ToDictionary(picture => picture.Name, StringComparer.Ordinal);
        var originals = new Dictionary<string, RgbImage?>(StringComparer.Ordinal);
        foreach (var (name, reference) in references)
            originals[name] = await ReadAsync(reference);
        var report = new LabellingReport(figures, result => originals.GetValueOrDefault(result.Image), Mask);
        try
        {
            await using (var html = new StreamWriter(Part, append: false, new UTF8Encoding(false)))
                report.Write(html);
            File.Move(Part, Path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(Part);
            return $"{Refusal(error)} Nothing else is missing; the same command writes it, and labels nothing again.";
        }
        if (report.NotShown is { Count: > 0 } lacking)
            await _context.Error.WriteLineAsync($"warning: {lacking.Count} of the {Counted.Of(figures.Worst.Count, "picture")} that the report shows cannot be read any more: {lacking}");
        return null;
    }

    private string Refusal(Exception error) => $"The report {Path} cannot be written: {error.Message}";

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
            var file = await reference.Store.ReadAsync(reference.BlobName, _limits.MaxFileBytes, _context.Abort);
            return await _context.Decoder.RunAsync(reference.Name, token => Thumbnail.Of(_context.Decoder.Decode(file.Bytes, _limits, token), LabellingReport.PictureSide), _context.Abort);
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
            var (labels, width, height) = MaskDecoder.Read(File.ReadAllBytes(System.IO.Path.Combine(_output, mask)), ImageLimits.None);
            return new LabelMap(labels, width, height);
        }
        catch (Exception error) when (error is ImageDecodeException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
