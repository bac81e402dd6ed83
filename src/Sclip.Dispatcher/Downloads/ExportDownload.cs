using Sclip.Contracts;
using Sclip.Contracts.Reviews;
using Sclip.Formats;
using Sclip.Storage;

namespace Sclip.Dispatcher.Downloads;

/// <summary>A job in an export format: its files are made in a temporary folder, since many of them are whole only at the end, and sent from there.</summary>
internal sealed class ExportDownload : IDownload
{
    private readonly ExportSource _source;
    private readonly ExportFormat _format;
    private readonly IReadOnlyCollection<ReviewDecision>? _reviewed;
    private readonly string _folder;
    private readonly DownloadRoom.Share _share;
    private readonly List<string> _failed = [];
    private ExportOutcome? _outcome;

    private ExportDownload(ExportSource source, ExportFormat format, IReadOnlyCollection<ReviewDecision>? reviewed, string folder, DownloadRoom.Share share) =>
        (_source, _format, _reviewed, _folder, _share) = (source, format, reviewed, folder, share);

    /// <summary>Makes the files.</summary>
    /// <param name="source">The job.</param>
    /// <param name="format">The format.</param>
    /// <param name="reviewed">Only pictures on which one of these decisions holds; null takes all.</param>
    /// <param name="folder">The folder that they go to, which is this download's own, and deleted with it.</param>
    /// <param name="share">The room that they may take, checked now and then; it is freed with the download.</param>
    /// <param name="cancellationToken">Checked between pictures.</param>
    /// <exception cref="ExportException">The format cannot hold the job.</exception>
    /// <exception cref="JobRequestException">The files would take more than they may.</exception>
    /// <exception cref="BlobStoreException">The store does not answer, or the disk takes no more.</exception>
    public static async Task<ExportDownload> MakeAsync(
        ExportSource source, ExportFormat format, IReadOnlyCollection<ReviewDecision>? reviewed, string folder, DownloadRoom.Share share, CancellationToken cancellationToken)
    {
        var download = new ExportDownload(source, format, reviewed, folder, share);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var options = new ExportOptions { Format = format, Reviewed = reviewed, Threads = Math.Max(1, Environment.ProcessorCount / 2) };
            download._outcome = await Exporter.RunAsync(source, folder, options, (image, reason) => download._failed.Add($"not in here: {image}: {reason}"), new SizeWatch(folder, share.Most, stop), stop.Token);
            share.Keep(BytesIn(folder));
            return download;
        }
        catch (Exception error)
        {
            await download.DisposeAsync();
            throw error switch
            {
                OperationCanceledException when !cancellationToken.IsCancellationRequested => new JobRequestException(JobRequestFault.TooLarge,
                    $"As {format.Name} job {source.Job} takes more than {share.Most >> 20} MB, which a download may take (Dispatcher:DownloadMegabytes). Export it by `sclip export {source.Job} --format {format.Name} --out DIR`, or download its masks."),
                ExportException { InnerException: IOException or UnauthorizedAccessException } => new BlobStoreException(BlobStoreFault.Unavailable, $"The download cannot be made: the dispatcher's temporary folder cannot be written: {error.InnerException!.Message}", error),
                _ => error,
            };
        }
    }

    /// <inheritdoc />
    public Task WriteAsync(Stream output, CancellationToken cancellationToken) => ResultArchive.WriteAsync(output, async archive =>
    {
        foreach (var path in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            await archive.AddAsync(Path.GetRelativePath(_folder, path).Replace(Path.DirectorySeparatorChar, '/'), path, cancellationToken);
        var summary = _outcome!.Summary;
        if (summary.Failed + summary.NotLabelled + summary.Unreadable > 0)
            await archive.AddResultsAsync(ReviewChoice.Of(_source, _reviewed, cancellationToken), cancellationToken);
        await archive.AddNoteAsync(Note(summary), cancellationToken);
    }, cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // It ended before there was one.
        }
        finally
        {
            _share.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    private static long BytesIn(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private IEnumerable<string> Note(ExportSummary summary)
    {
        yield return $"Job {_source.Job} as {_format.Name} ({_format.Description}): {Counted.Of(summary.Exported, "picture")}. The pictures themselves are not in here.";
        if (_outcome!.PicturesAt is { } place)
            yield return $"Readers look for the first picture at {place}.";
        if (ReviewChoice.Describe(summary.NotReviewedSo, _reviewed) is { } others)
            yield return others;
        if (_source.Unfinished is { } unfinished)
            yield return unfinished;
        if (summary.NotLabelled > 0)
            yield return $"{Counted.Of(summary.NotLabelled, "picture")} could not be labelled: results.jsonl says why.";
        foreach (var line in _outcome.Notices.Concat(_failed))
            yield return line;
    }

    /// <summary>Looks now and then how much the files take: rarely enough to cost little, often enough not to be far beyond.</summary>
    private sealed class SizeWatch(string folder, long most, CancellationTokenSource stop) : IProgress<ExportSummary>
    {
        private const int First = 16;
        private long _next = First;

        public void Report(ExportSummary value)
        {
            if (value.Seen < _next)
                return;
            _next = value.Seen + Math.Max(First, value.Seen / 5);
            if (BytesIn(folder) > most)
                stop.Cancel();
        }
    }
}
