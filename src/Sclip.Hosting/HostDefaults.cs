using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Health;
using Sclip.Hosting.Telemetry;
using Sclip.Storage.Jobs;

namespace Sclip.Hosting;

/// <summary>What all services of the program have in common.</summary>
public static class HostDefaults
{
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(15);

    /// <summary>Adds the program's environment variables, logging, telemetry, and the check of the store.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">The service's name in traces and metrics.</param>
    /// <param name="address">Where it listens when nothing else is configured (<c>--urls</c>, <c>SCLIP_URLS</c>, <c>ASPNETCORE_URLS</c>).</param>
    /// <param name="args">Its command line, which wins over all else.</param>
    /// <exception cref="ConfigurationException">Something is set in a section that there is not.</exception>
    public static void AddSclipDefaults(this WebApplicationBuilder builder, string name, string address, string[] args)
    {
        SclipOptions.CheckSections(new ConfigurationBuilder().AddSclipEnvironment().AddCommandLine(args).Build());
        builder.Configuration.AddSclipEnvironment().AddCommandLine(args);
        if (string.IsNullOrWhiteSpace(builder.Configuration["urls"]) && string.IsNullOrWhiteSpace(builder.Configuration["http_ports"]))
            builder.WebHost.UseUrls(address);
        builder.Logging.ClearProviders().AddConsole(console => console.FormatterName = LineFormatter.FormatName).AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information).AddFilter("MassTransit", LogLevel.Warning).AddFilter("Azure", LogLevel.Warning);
        builder.Services.AddSingleton<HostExit>().AddSclipTelemetry(builder.Configuration, name);
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "store", provider => new StoreHealthCheck(() => provider.GetRequiredService<JobBlobs>().Store), HealthStatus.Unhealthy, [DefaultEndpoints.ReadyTag]));
    }

    /// <summary>Gives consumers time to end when the host stops.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="grace">How long a consumer may take.</param>
    public static IServiceCollection AddStopGrace(this IServiceCollection services, TimeSpan grace) => services
        .Configure<HostOptions>(host => host.ShutdownTimeout = grace + StopMargin)
        .Configure<MassTransitHostOptions>(bus => bus.StopTimeout = grace + StopMargin / 2);
}
