using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sclip.Dashboard;
using Sclip.Hosting;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Health;
using Sclip.Hosting.Stores;
using Sclip.Imaging;
using Sclip.Storage.Jobs;
using Sclip.Workbench.Http;
using Sclip.Workbench.Jobs;
using Sclip.Workbench.Sessions;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;

namespace Sclip.Workbench;

/// <summary>The workbench as a service of a cluster: sessions with pictures of jobs, for the dispatcher that forwards to it.</summary>
public static partial class WorkbenchHost
{
    private const string DefaultAddress = "http://127.0.0.1:8082";

    /// <summary>Builds the service.</summary>
    /// <param name="args">Command line: <c>--urls</c>, and any configuration key.</param>
    /// <exception cref="ConfigurationException">The configuration is missing something or wrong.</exception>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddSclipDefaults("sclip-workbench", DefaultAddress, args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = WorkbenchServices.LargestRequest);
        var services = builder.Services;
        var options = services.AddSclipOptions<WorkbenchOptions>(builder.Configuration, WorkbenchOptions.Section);
        services.AddSclipStore(builder.Configuration).AddSingleton<ImageFinder>().AddSingleton<JobPictures>();
        services.AddSingleton<EngineOptions>(options).AddSingleton<ModelLocator>().AddSingleton<ModelSupply>().AddSingleton(TimeProvider.System);
        services.AddSingleton(options.FindDevices()).AddSingleton<DeviceHealth>().AddSingleton<DecoderHealth>().AddSingleton(provider => Decoder(options, provider.GetRequiredService<DecoderHealth>()));
        services.AddSingleton<SharedEngines>().AddSingleton<SessionStore>().AddSingleton(new FeatureBudget(options.FeatureMegabytes << 20)).AddSingleton<IJobSessions, JobSessions>();
        services.AddSingleton<CallerGuard>().AddSingleton<SessionMetrics>().AddHostedService<IdleSessions>().AddWorkbench();
        services.AddHealthChecks().AddCheck<DeviceHealth>("device", tags: [DefaultEndpoints.ReadyTag]).AddCheck<DecoderHealth>("decoder", tags: [DefaultEndpoints.ReadyTag]);
        var app = builder.Build();
        var guard = app.Services.GetRequiredService<CallerGuard>();
        guard.Check(app.Configuration);
        app.Use(guard.GuardAsync);
        app.MapGroup("").WithMetadata(new NeedsNoKey()).MapSclipDefaults();
        app.MapWorkbench();
        app.Services.GetRequiredService<SessionMetrics>();
        var devices = app.Services.GetRequiredService<EngineDevices>();
        LogDevices(app.Logger, devices.Choice);
        foreach (var warning in devices.Warnings)
            LogWarning(app.Logger, warning);
        return app;
    }

    private static WatchedDecoder Decoder(WorkbenchOptions options, DecoderHealth health)
    {
        var time = TimeSpan.FromSeconds(options.PictureSeconds);
        return new WatchedDecoder { Time = time, Lost = picture => health.Lose(picture, time) };
    }

    [LoggerMessage(5, LogLevel.Information, "Computing on {Devices}")]
    private static partial void LogDevices(ILogger logger, string devices);

    [LoggerMessage(6, LogLevel.Warning, "{Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);
}
