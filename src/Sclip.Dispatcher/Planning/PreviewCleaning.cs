using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sclip.Contracts.Jobs;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Planning;

/// <summary>Deletes previews that nobody looks at any more.</summary>
internal sealed partial class PreviewCleaning(JobBlobs jobs, ILogger<PreviewCleaning> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Deletes previews made before a time.</summary>
    public async Task CleanAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await foreach (var id in jobs.ListJobsAsync(cancellationToken))
            if (JobNames.IsPreview(id))
                await CleanAsync(id, before, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                await CleanAsync(DateTimeOffset.UtcNow - Lifetime, stoppingToken);
            }
            catch (BlobStoreException error)
            {
                LogLater(error.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Deletes a preview where it is old; one that may not be read or deleted does not keep the others.</summary>
    private async Task CleanAsync(string id, DateTimeOffset before, CancellationToken cancellationToken)
    {
        try
        {
            if (await IsOldAsync(id, before, cancellationToken))
                await DeleteAsync(id, cancellationToken);
        }
        catch (BlobStoreException error) when (error.Fault is not BlobStoreFault.Unavailable)
        {
            LogLater(error.Message);
        }
    }

    /// <summary>What a submit left that went no further has no document, and no age: its few names stay.</summary>
    private async Task<bool> IsOldAsync(string id, DateTimeOffset before, CancellationToken cancellationToken)
    {
        try
        {
            return await jobs.ReadJobAsync(id, cancellationToken) is { } job && job.Created < before;
        }
        catch (JobDocumentException)
        {
            return true;
        }
    }

    /// <summary>
    /// The document goes last, so that what was interrupted is found again. Where folders are blobs, as in accounts with a hierarchical namespace, they are
    /// deleted once they are empty.
    /// </summary>
    private async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var folders = new Stack<string>();
        await foreach (var blob in jobs.Store.ListAsync(JobNames.Folder(id), after: null, cancellationToken))
            if (blob.IsFolder)
                folders.Push(blob.Name);
            else if (blob.Name != JobNames.Job(id))
                await jobs.Store.DeleteAsync(blob.Name, cancellationToken);
        foreach (var folder in folders)
            await jobs.Store.DeleteAsync(folder, cancellationToken);
        await jobs.Store.DeleteAsync(JobNames.Job(id), cancellationToken);
        if (folders.Count > 0)
            await jobs.Store.DeleteAsync(JobNames.Folder(id).TrimEnd('/'), cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "Old previews could not be deleted, which is tried again in an hour: {Reason}")]
    private partial void LogLater(string reason);
}
