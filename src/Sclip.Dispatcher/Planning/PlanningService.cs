using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Planning;

/// <summary>Plans submitted jobs in the background, and at start those that an earlier run of the service left half planned.</summary>
internal sealed partial class PlanningService(JobStores stores, JobControl control, DispatcherOptions options, ILogger<PlanningService> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);
    private readonly Channel<JobDocument> _jobs = Channel.CreateUnbounded<JobDocument>();

    /// <summary>Plans a job soon.</summary>
    public void Enqueue(JobDocument job) => _jobs.Writer.TryWrite(job);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll([FindUnplannedAsync(stoppingToken), .. Enumerable.Range(0, options.PlansAtOnce).Select(_ => PlanAsync(stoppingToken))]);

    private async Task PlanAsync(CancellationToken cancellationToken)
    {
        await foreach (var job in _jobs.Reader.ReadAllAsync(cancellationToken))
            await PersistAsync(job.Id, () => control.PlanAsync(job, progress: null, cancellationToken), cancellationToken);
    }

    private async Task FindUnplannedAsync(CancellationToken cancellationToken) => await PersistAsync("all", async () =>
    {
        await foreach (var id in stores.Jobs.ListJobsAsync(cancellationToken))
            if (!await stores.Jobs.Store.ExistsAsync(JobNames.Plan(id), cancellationToken) && !await stores.Jobs.IsEndedAsync(id, cancellationToken)
                && await stores.Jobs.ReadJobAsync(id, cancellationToken) is { } job)
                Enqueue(job);
    }, cancellationToken);

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
