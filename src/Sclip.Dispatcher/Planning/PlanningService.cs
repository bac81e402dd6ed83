using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Planning;

/// <summary>Plans submitted jobs in the background, and at start those that an earlier run of the service left half planned.</summary>
internal sealed partial class PlanningService(JobStores stores, JobControl control, DispatcherOptions options, ILogger<PlanningService> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DeniedDelay = TimeSpan.FromMinutes(1);
    private readonly Channel<JobDocument> _jobs = Channel.CreateUnbounded<JobDocument>();

    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);

    /// <summary>Plans a job soon; where it is being planned, looks once more when that has ended.</summary>
    public void Enqueue(JobDocument job)
    {
        // Two plans of a job at once would be right, and only slow each other down.
        if (_asked.AddOrUpdate(job.Id, 1, (_, times) => times + 1) == 1)
            _jobs.Writer.TryWrite(job);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll([FindUnplannedAsync(stoppingToken), .. Enumerable.Range(0, options.PlansAtOnce).Select(_ => PlanAsync(stoppingToken))]);

    private async Task PlanAsync(CancellationToken cancellationToken)
    {
        await foreach (var job in _jobs.Reader.ReadAllAsync(cancellationToken))
        {
            int asked;
            do
            {
                asked = _asked[job.Id];
                await PersistAsync(job.Id, () => PlanAsync(job, cancellationToken), cancellationToken);
            }
            while (!_asked.TryRemove(new(job.Id, asked)));
        }
    }

    /// <summary>Plans a job; where its images are gone, or may not be listed, it fails with that reason instead of being tried for ever.</summary>
    private async Task PlanAsync(JobDocument job, CancellationToken cancellationToken)
    {
        try
        {
            await control.PlanAsync(job, progress: null, cancellationToken);
        }
        catch (BlobStoreException error) when (error.Fault is not BlobStoreFault.Unavailable)
        {
            LogFailed(job.Id, error.Message);
            await stores.Jobs.FailAsync(job.Id, new JobFailure { Reason = $"The images cannot be listed: {error.Message}", Time = DateTimeOffset.UtcNow }, cancellationToken);
        }
    }

    private async Task FindUnplannedAsync(CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await PersistAsync("all", async () => ids = await stores.Jobs.ListJobsAsync(cancellationToken).ToListAsync(cancellationToken), cancellationToken);
        // One that may not be read now must not keep the others waiting, and is tried again when they are through.
        while (ids.Count > 0)
        {
            var denied = new List<string>();
            foreach (var id in ids)
                await PersistAsync(id, async () =>
                {
                    if (!await TryEnqueueUnplannedAsync(id, cancellationToken))
                        denied.Add(id);
                }, cancellationToken);
            ids = denied;
            if (ids.Count > 0)
                await Task.Delay(DeniedDelay, cancellationToken);
        }
    }

    private async Task<bool> TryEnqueueUnplannedAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await EnqueueUnplannedAsync(id, cancellationToken);
            return true;
        }
        catch (BlobStoreException error) when (error.Fault is not BlobStoreFault.Unavailable)
        {
            LogFailed(id, error.Message);
            return false;
        }
    }

    private async Task EnqueueUnplannedAsync(string id, CancellationToken cancellationToken)
    {
        if (!await stores.Jobs.Store.ExistsAsync(JobNames.Plan(id), cancellationToken) && !await stores.Jobs.IsEndedAsync(id, cancellationToken)
            && await stores.Jobs.ReadJobAsync(id, cancellationToken) is { } job)
            Enqueue(job);
    }

    /// <summary>Tries until it works: what is planned stays so, and each try goes on from it.</summary>
    private async Task PersistAsync(string job, Func<Task> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (JobDocumentException error)
            {
                LogFailed(job, error.Message);
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(job, error.Message);
                await Task.Delay(RetryDelay, cancellationToken);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Planning of job {Job} failed: {Reason}")]
    private partial void LogFailed(string job, string reason);
}
