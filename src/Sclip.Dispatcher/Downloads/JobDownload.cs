using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Formats;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Downloads;

/// <summary>Makes downloads of a job's results.</summary>
/// <param name="stores">The jobs and their outputs.</param>
/// <param name="options">How much disk a download may take.</param>
public sealed class JobDownload(JobStores stores, DispatcherOptions options) : IDisposable
{
    /// <summary>What the masks as they are, are called among the formats.</summary>
    public const string Masks = "masks";

    private const int AtOnce = 2;
    private readonly long _mostBytes = (long)options.DownloadMegabytes << 20;
    private readonly OwnFolder _folder = new("sclip-download");
    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>The formats, and what each is, in a line.</summary>
    public static IReadOnlyList<(string Name, string Description)> Formats { get; } =
        [(Masks, "the masks as they are: palette PNG, with labels.json and results.jsonl"), .. ExportFormat.All.Select(format => (format.Name, format.Description))];

    /// <summary>Refuses what could not be downloaded, as far as that is known before anything is made.</summary>
    /// <exception cref="JobRequestException">There is no such format, it cannot hold the job's classes, or nothing is labelled yet.</exception>
    public async Task CheckAsync(JobDocument job, string format, CancellationToken cancellationToken)
    {
        if (FormatOf(format)?.Refusal(job.Labels, job.Labels.Count - 1) is { } refusal)
            throw new JobRequestException(JobRequestFault.Unshowable, refusal);
        if (!await stores.Jobs.ReadResultsAsync(job.Id, cancellationToken).AnyAsync(results => results.Count > 0, cancellationToken))
            throw new JobRequestException(JobRequestFault.NotFound, $"Job {job.Id} has no results yet.");
    }

    /// <summary>Makes a download ready.</summary>
    /// <param name="job">The job.</param>
    /// <param name="format">The format.</param>
    /// <param name="reviewed">Only images on which one of these decisions holds; null takes all.</param>
    /// <param name="cancellationToken">Looked at between pictures.</param>
    /// <exception cref="JobRequestException">It cannot be made, or is too large.</exception>
    internal async Task<IDownload> PrepareAsync(JobDocument job, string format, IReadOnlyCollection<ReviewDecision>? reviewed, CancellationToken cancellationToken)
    {
        await CheckAsync(job, format, cancellationToken);
        var source = await ExportSource.OfJobAsync(stores, job, labels: null, cancellationToken);
        if (FormatOf(format) is not { } chosen)
            return new MaskDownload(source, reviewed);
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var folder = Path.Combine(_folder.Path, $"{Guid.NewGuid():n}");
            return new Turn(await ExportDownload.MakeAsync(source, chosen, reviewed, folder, _mostBytes, cancellationToken), _turns);
        }
        catch
        {
            _turns.Release();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _folder.Dispose();
        _turns.Dispose();
    }

    private static ExportFormat? FormatOf(string name) => name == Masks
        ? null
        : ExportFormat.Find(name) ?? throw new JobRequestException(JobRequestFault.Invalid, $"format must be one of {string.Join(", ", Formats.Select(format => format.Name))}; it is '{JobNames.Shown(name)}'.");

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
