using System.Diagnostics;
using System.Globalization;
using Sclip.Contracts.Jobs;
using Sclip.Formats;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Downloads;

/// <summary>Makes downloads of a job's results.</summary>
public sealed class JobDownload : IDisposable
{
    /// <summary>What the masks as they are, are called among the formats.</summary>
    public const string Masks = "masks";

    private const string FolderName = "sclip-download";
    private const int AtOnce = 2;
    private readonly JobStores _stores;
    private readonly long _mostBytes;
    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>Clears away what a dispatcher left that was killed.</summary>
    public JobDownload(JobStores stores, DispatcherOptions options)
    {
        (_stores, _mostBytes) = (stores, (long)options.DownloadMegabytes << 20);
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), $"{FolderName}-*").Where(IsLeft))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>The formats, and what each is, in a line.</summary>
    public static IReadOnlyList<(string Name, string Description)> Formats { get; } =
        [(Masks, "the masks as they are: palette PNG, with labels.json and results.jsonl"), .. ExportFormat.All.Select(format => (format.Name, format.Description))];

    /// <summary>Refuses what could not be downloaded, as far as that is known before anything is made.</summary>
    /// <exception cref="JobRequestException">There is no such format, it cannot hold the job's classes, or nothing is labelled yet.</exception>
    public async Task CheckAsync(JobDocument job, string format, CancellationToken cancellationToken)
    {
        if (FormatOf(format)?.Refusal(job.Labels, job.Labels.Count - 1) is { } refusal)
            throw new JobRequestException(JobRequestFault.Unshowable, refusal);
        if (!await _stores.Jobs.ReadResultsAsync(job.Id, cancellationToken).AnyAsync(results => results.Count > 0, cancellationToken))
            throw new JobRequestException(JobRequestFault.NotFound, $"Job {job.Id} has no results yet.");
    }

    /// <summary>Makes a download ready.</summary>
    /// <exception cref="JobRequestException">It cannot be made, or is too large.</exception>
    internal async Task<IDownload> PrepareAsync(JobDocument job, string format, CancellationToken cancellationToken)
    {
        await CheckAsync(job, format, cancellationToken);
        var source = await ExportSource.OfJobAsync(_stores, job, labels: null, cancellationToken);
        if (FormatOf(format) is not { } chosen)
            return new MaskDownload(source);
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var folder = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"{FolderName}-{Environment.ProcessId}-{Guid.NewGuid():n}"));
            return new Turn(await ExportDownload.MakeAsync(source, chosen, folder, _mostBytes, cancellationToken), _turns);
        }
        catch
        {
            _turns.Release();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _turns.Dispose();

    private static ExportFormat? FormatOf(string name) => name == Masks
        ? null
        : ExportFormat.Find(name) ?? throw new JobRequestException(JobRequestFault.Invalid, $"format must be one of {string.Join(", ", Formats.Select(format => format.Name))}; it is '{JobNames.Shown(name)}'.");

    /// <summary>Whether a folder is of a process that is gone. This one's own number, as it starts, is another's that had it before: containers count anew.</summary>
    private static bool IsLeft(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder).Split('-')[2], NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            return false;
        try
        {
            using var running = Process.GetProcessById(process);
            return process == Environment.ProcessId;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    /// <summary>A download that holds a turn until it is sent: it holds disk as long.</summary>
    private sealed class Turn(IDownload download, SemaphoreSlim turns) : IDownload
    {
        public Task WriteAsync(Stream output, CancellationToken cancellationToken) => download.WriteAsync(output, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            try
            {
                await download.DisposeAsync();
            }
            finally
            {
                turns.Release();
            }
        }
    }
}
