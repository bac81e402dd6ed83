using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sclip.Hosting;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Health;
using Sclip.Hosting.Messaging;
using Sclip.Hosting.Stores;
using Sclip.Imaging;
using Sclip.Storage.Jobs;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;
using Sclip.Worker.Reports;
using Sclip.Worker.Shards;

namespace Sclip.Worker;

/// <summary>A worker as a service: takes shards from the queue until it is told to end; metrics and health over HTTP.</summary>
public static partial class WorkerHost
{
    private const string DefaultAddress = "http://127.0.0.1:0";

    /// <summary>Builds the service.</summary>
    /// <param name="args">Command line: <c>--urls</c>, and any configuration key.</param>
    /// <param name="replace">Replaces services before the host is built; for other engines.</param>
    /// <exception cref="Hosting.Configuration.ConfigurationException">The configuration is missing something or wrong.</exception>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddSclipDefaults("sclip-worker", DefaultAddress, args);
        var services = builder.Services;
        var options = services.AddSclipOptions<WorkerOptions>(builder.Configuration, WorkerOptions.Section);
        services.AddSclipStore(builder.Configuration).AddShardRunner(options);
        services.AddSingleton<EngineOptions>(options).AddSingleton<ModelLocator>().AddSingleton<ModelSupply>().AddSingleton<LateRedelivery>().AddSingleton(options.FindDevices()).AddSingleton<DeviceHealth>().AddSingleton<IEngineSource, EnginePool>();
        services.AddSingleton<DecoderHealth>().AddSingleton<IDecoderLoss>(provider => provider.GetRequiredService<DecoderHealth>());
        services.AddSingleton(provider => LifetimeOf(provider.GetRequiredService<IHostApplicationLifetime>(), TimeSpan.FromSeconds(options.GraceSeconds)));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ConsumerWatch>().AddHostedService<ConsumerLog>();
        // Before the bus, and so stopped after it.
        services.AddHostedService<WorkerReporter>();
        services.AddSclipBus(builder.Configuration, bus => bus.AddConsumer<SegmentShardConsumer>(ShardEndpoints.Configure), ShardEndpoints.Configure).AddStopGrace(TimeSpan.FromSeconds(options.GraceSeconds));
        services.AddSingleton<ModelPreload>().AddHostedService(provider => provider.GetRequiredService<ModelPreload>());
        services.AddHealthChecks().AddCheck<ModelHealthCheck>("model", tags: [DefaultEndpoints.ReadyTag])
            .AddCheck<DeviceHealth>("device", tags: [DefaultEndpoints.ReadyTag]).AddCheck<DecoderHealth>("decoder", tags: [DefaultEndpoints.ReadyTag])
            .Add(ConsumerCheck("consumer", ConsumerWatch.ReadyLimit, DefaultEndpoints.ReadyTag)).Add(ConsumerCheck("consumer-lost", ConsumerWatch.LiveLimit, DefaultEndpoints.LiveTag));
        replace?.Invoke(services);
        var app = builder.Build();
        app.MapSclipDefaults();
        var devices = app.Services.GetRequiredService<EngineDevices>();
        LogDevices(app.Logger, devices.Choice);
        foreach (var warning in devices.Warnings)
            LogWarning(app.Logger, warning);
        return app;
    }

    /// <summary>Registers what labels shards; stores must be registered too, an <see cref="IEngineSource"/>, an <see cref="IDecoderLoss"/> and <see cref="WorkerLifetime"/>.</summary>
    public static IServiceCollection AddShardRunner(this IServiceCollection services, WorkerOptions options)
    {
        services.AddSingleton(WorkerIdentity.OfProcess()).AddSingleton(options).AddSingleton<ShardRunner>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new WaitingJobs(provider.GetRequiredService<JobStores>().Jobs, provider.GetRequiredService<WorkerIdentity>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(new WatchedDecoder { Time = TimeSpan.FromSeconds(options.PictureSeconds) });
        services.AddSingleton<WorkerActivity>().TryAddSingleton<IShardObserver>(provider => provider.GetRequiredService<WorkerActivity>());
        return services;
    }

    private static HealthCheckRegistration ConsumerCheck(string name, TimeSpan limit, string tag) =>
        new(name, provider => new ConsumerHealthCheck(provider.GetRequiredService<ConsumerWatch>(), limit), HealthStatus.Unhealthy, [tag]);

    private static WorkerLifetime LifetimeOf(IHostApplicationLifetime host, TimeSpan grace)
    {
        var abort = new CancellationTokenSource();
        host.ApplicationStopping.Register(() => abort.CancelAfter(grace));
        return new WorkerLifetime(host.ApplicationStopping, abort.Token);
    }

    [LoggerMessage(5, LogLevel.Information, "Labelling on {Devices}")]
    private static partial void LogDevices(ILogger logger, string devices);

    [LoggerMessage(6, LogLevel.Warning, "{Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);
}
