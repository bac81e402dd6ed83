using MassTransit;
using Microsoft.Extensions.Hosting;
using Sclip.Contracts.Board;
using Sclip.Contracts.Messages;
using Sclip.Hosting.Telemetry;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;
using Sclip.Worker.Shards;

namespace Sclip.Worker.Reports;

/// <summary>
/// Tells every few seconds, and when something changes, that this worker is there and what it does. It starts before the bus and stops after
/// it, so that a worker reports while it waits for its last shards. What the broker does not take at once is dropped: the next report says
/// it again.
/// </summary>
internal sealed class WorkerReporter(
    IBus bus, WorkerIdentity identity, WorkerActivity activity, ModelPreload preload, IEngineSource engines, EngineDevices devices, DeviceHealth deviceHealth, DecoderHealth decoderHealth,
    ConsumerWatch consumers)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(15);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1);
    private Task _sending = Task.CompletedTask;
    private volatile bool _isStopping;

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>Says that the worker stops, while there is a bus to say it by.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        return TellAsync(cancellationToken);
    }

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _turn.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _started.Task.WaitAsync(stoppingToken);
        while (true)
        {
            await TellAsync(stoppingToken);
            await Task.Delay(LeastInterval, stoppingToken);
            await activity.Changed.WaitAsync(Interval - LeastInterval, stoppingToken);
        }
    }

    private WorkerReport Report()
    {
        var (problem, loss) = (preload.Problem ?? consumers.Problem(ConsumerWatch.ReadyLimit), deviceHealth.Problem ?? decoderHealth.Problem);
        return new WorkerReport
        {
            Worker = identity.Name,
            Started = activity.Started,
            Version = SclipTelemetry.Version,
            Phase = _isStopping || loss is not null ? WorkerPhase.Stopping : problem is null ? WorkerPhase.Ready : WorkerPhase.Starting,
            Reason = loss ?? (_isStopping ? "It was told to end." : problem),
            Waits = [.. engines.Waits.Select(wait => wait.Reason)],
            Shards = activity.Shards,
            Images = activity.Images,
            Windows = activity.Windows,
            WindowsPerSecond = activity.WindowsPerSecond,
            Models = engines.Models,
            Devices = devices.Names,
            MemoryBytes = Environment.WorkingSet,
            Errors = activity.Errors,
        };
    }

    /// <summary>Publishes a report, if the broker takes it soon.</summary>
    private async Task TellAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Without a broker the bus may keep a message in hand for long, whatever its token says: never more than this one.
            if (!_sending.IsCompleted)
                return;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            _sending = bus.Publish(Report(), context => (context.Durable, context.TimeToLive) = (false, TimeToLive), limit.Token);
            await _sending.WaitAsync(limit.Token);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The bus itself says in the log that it has lost its broker, and readiness says it too.
        }
        finally
        {
            _turn.Release();
        }
    }
}
