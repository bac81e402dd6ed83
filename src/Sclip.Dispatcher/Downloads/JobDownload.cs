using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Dispatcher.Cache;
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

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly OwnFolder _folder = new("sclip-download");
    private readonly DownloadRoom _room = new((long)options.DownloadMegabytes << 20);

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

    /// <summary>Refuses what there is no room for now.</summary>
    /// <exception cref="JobRequestException">There is none.</exception>
    public async Task CheckRoomAsync(string format, CancellationToken cancellationToken)
    {
        if (FormatOf(format) is not null)
            (await _room.TakeAsync(Patience, cancellationToken)).Dispose();
    }

    /// <summary>Makes a download ready.</summary>
    /// <param name="job">The job.</param>
    /// <param name="format">The format.</param>
    /// <param name="reviewed">Only images on which one of these decisions holds; null takes all.</param>
    /// <param name="cancellationToken">Checked between pictures.</param>
    /// <exception cref="JobRequestException">It cannot be made, or is too large; or others leave no room.</exception>
    internal async Task<IDownload> PrepareAsync(JobDocument job, string format, IReadOnlyCollection<ReviewDecision>? reviewed, CancellationToken cancellationToken)
    {
        await CheckAsync(job, format, cancellationToken);
        var source = await ExportSource.OfJobAsync(stores, job, labels: null, cancellationToken);
        if (FormatOf(format) is not { } chosen)
            return new MaskDownload(source, reviewed);
        var share = await _room.TakeAsync(Patience, cancellationToken);
        try
        {
            var folder = Path.Combine(_folder.Path, $"{Guid.NewGuid():n}");
            return await ExportDownload.MakeAsync(source, chosen, reviewed, folder, share, cancellationToken);
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();

    private static ExportFormat? FormatOf(string name) => name == Masks
        ? null
        : ExportFormat.Find(name) ?? throw new JobRequestException(JobRequestFault.Invalid, $"format must be one of {string.Join(", ", Formats.Select(format => format.Name))}; it is '{JobNames.Shown(name)}'.");
}
