using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Messages;
using Sclip.Dispatcher;
using Sclip.Dispatcher.Control;
using Sclip.Dispatcher.Estimating;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Messaging;
using Sclip.Hosting.Stores;
using Sclip.Hosting.Telemetry;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary>What a command about jobs needs: the store, and where it enqueues the broker, by the same configuration as the services.</summary>
internal sealed class JobSession : IAsyncDisposable
{
    private static readonly TimeSpan BrokerTimeout = TimeSpan.FromSeconds(15);

    // Workers report every five seconds.
    private static readonly TimeSpan WorkersTell = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);
    private const int TelemetryMilliseconds = 5_000;
    private readonly ServiceProvider _services;
    private IBusControl? _bus;

    private JobSession(ServiceProvider services) => _services = services;

    public JobStores Stores => _services.GetRequiredService<JobStores>();

    public JobSubmission Submission => _services.GetRequiredService<JobSubmission>();

    public JobEstimator Estimator => _services.GetRequiredService<JobEstimator>();

    /// <summary>What an hour of a worker costs, by the dispatcher's own setting; null where it is not set here.</summary>
    public decimal? PricePerWorkerHour => _services.GetRequiredService<DispatcherOptions>().PricePerWorkerHour;

    public JobControl Control => _services.GetRequiredService<JobControl>();

    /// <summary>Opens the store.</summary>
    /// <exception cref="UserException">No store is named.</exception>
    public static JobSession Open()
    {
        var configuration = new ConfigurationBuilder().AddSclipEnvironment().Build();
        RequireStore(configuration);
        var services = new ServiceCollection().AddLogging();
        services.AddSclipStore(configuration);
        services.AddJobControl();
        services.AddSingleton<IShardSender, NoSender>();
        return new JobSession(services.BuildServiceProvider());
    }

    /// <summary>Opens the store and the broker.</summary>
    /// <exception cref="UserException">No store is named, or the broker does not answer.</exception>
    public static async Task<JobSession> OpenWithBrokerAsync(CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddSclipEnvironment().AddEnvironmentVariables().Build();
        RequireStore(configuration);
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSclipStore(configuration).AddSclipBus(configuration).AddJobControl();
        services.AddSclipOptions<DispatcherOptions>(configuration, DispatcherOptions.Section);
        services.AddSclipTelemetry(configuration, "sclip");
        var session = new JobSession(services.BuildServiceProvider());
        try
        {
            session._services.GetService<ITelemetryHostInitializer>()?.Initialize();
            await session.StartAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Finds a job.</summary>
    /// <exception cref="UserException">There is none of that id.</exception>
    public async Task<JobDocument> FindAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await Control.FindAsync(id, cancellationToken);
        }
        catch (JobRequestException error) when (error.Fault == JobRequestFault.NotFound)
        {
            throw new UserException($"{error.Message} `sclip jobs` lists those that are in the store.", error);
        }
    }

    /// <summary>Listens to the workers for so long that each has told of itself.</summary>
    public async Task<ICollection<WorkerReport>> HearWorkersAsync(CancellationToken cancellationToken)
    {
        var heard = new ConcurrentDictionary<string, WorkerReport>(StringComparer.Ordinal);
        var endpoint = _bus!.ConnectReceiveEndpoint(new TemporaryEndpointDefinition("sclip-estimate"), KebabCaseEndpointNameFormatter.Instance, queue => queue.Handler<WorkerReport>(report =>
        {
            heard[report.Message.Worker] = report.Message;
            return Task.CompletedTask;
        }));
        await endpoint.Ready.WaitAsync(cancellationToken);
        await Task.Delay(WorkersTell, cancellationToken);
        return heard.Values;
    }

    public async ValueTask DisposeAsync()
    {
        if (_bus is not null)
        {
            await StopAsync(_bus);
            await StopTelemetryAsync();
        }
        await _services.DisposeAsync();
    }

    /// <summary>Says what there is without a store; what is wrong with settings of one, its options say.</summary>
    private static void RequireStore(IConfiguration configuration)
    {
        if (configuration.GetSection(StoreOptions.Section).GetChildren().All(setting => setting.Value is not { Length: > 0 }))
            throw new UserException($"No store is named: set one of {string.Join(", ", StoreOptions.PlaceKeys.Select(key => SclipOptions.Shown(StoreOptions.Section, key)))}. Without access to the store, `sclip jobs`, `status`, `watch`, `cancel` and `retry` ask a dispatcher, which --dispatcher names; its dashboard has the rest.");
    }

    /// <summary>Stops the bus, or leaves it behind where the broker does not answer: what it has confirmed it has, and the process ends anyway.</summary>
    private static async Task StopAsync(IBusControl bus)
    {
        using var limit = new CancellationTokenSource(StopPatience);
        try
        {
            await bus.StopAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Nothing is left to say: a send that failed was told of.
        }
    }

    /// <summary>Sends what was collected, all at once: disposed of one after the other, each signal would wait for a collector that does not answer.</summary>
    private Task StopTelemetryAsync() => Task.WhenAll(
        Task.Run(() => _services.GetService<TracerProvider>()?.Shutdown(TelemetryMilliseconds)),
        Task.Run(() => _services.GetService<MeterProvider>()?.Shutdown(TelemetryMilliseconds)),
        Task.Run(() => _services.GetService<LoggerProvider>()?.Shutdown(TelemetryMilliseconds)));

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var bus = _services.GetRequiredService<IBusControl>();
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(BrokerTimeout);
            await bus.StartAsync(timeout.Token);
            _bus = bus;
        }
        catch (Exception error)
        {
            // The bus ends a start that is interrupted with whatever its connection failed by.
            cancellationToken.ThrowIfCancellationRequested();
            var uri = _services.GetRequiredService<BrokerOptions>().Uri!;
            throw new UserException($"The broker at {uri.Host}:{(uri.IsDefaultPort || uri.Port < 0 ? 5672 : uri.Port)} does not answer, or refuses the user: {error.GetBaseException().Message.TrimEnd('.')}. Check that it runs, and its address, user and password in {SclipOptions.Shown(BrokerOptions.Section, nameof(BrokerOptions.Uri))}.", error);
        }
    }

    /// <summary>Stands where a command reads jobs and enqueues nothing.</summary>
    private sealed class NoSender : IShardSender
    {
        public Task SendAsync(JobDocument job, int shard, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
