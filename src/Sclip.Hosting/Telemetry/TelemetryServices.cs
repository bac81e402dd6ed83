using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;

namespace Sclip.Hosting.Telemetry;

/// <summary>Makes a host collect traces and metrics.</summary>
public static class TelemetryServices
{
    /// <summary>
    /// Collects the traces and metrics of Sclip, MassTransit, ASP.NET, the runtime and (traces, where AZURE_EXPERIMENTAL_ENABLE_ACTIVITY_SOURCE
    /// is true) Azure's clients while the host runs. They, and the log, are sent by OTLP where OTEL_EXPORTER_OTLP_ENDPOINT or the one of a
    /// signal is set; the other OTEL_ variables are followed. Health checks are added too, for
    /// <see cref="Health.DefaultEndpoints.MapSclipDefaults"/>, which also shows the metrics. A second call changes nothing.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Where the OTEL_ variables are: a host's configuration, of which the environment is a part.</param>
    /// <param name="serviceName">What the process is called where OTEL_SERVICE_NAME does not say; for example <c>sclip-worker</c>.</param>
    /// <exception cref="InvalidOperationException">An OTEL_EXPORTER_OTLP_ variable has a value that cannot be meant; the message names it.</exception>
    public static IServiceCollection AddSclipTelemetry(this IServiceCollection services, IConfiguration configuration, string serviceName)
    {
        services.AddHealthChecks();
        if (services.Any(service => service.ServiceType == typeof(TelemetrySettings)))
            return services;
        var settings = new TelemetrySettings(configuration, serviceName);
        services.AddSingleton(settings);
        services.AddSingleton<PrometheusPage>();
        services.AddHostedService<TelemetryHost>();
        if (settings.IsDisabled)
            return services;
        settings.Traces.Validate();
        settings.Metrics.Validate();
        settings.Logs.Validate();

        // ASP.NET keeps the method, path and status out of its spans unless told otherwise, which other libraries do as this one.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        services.AddTransient<IStartupFilter, RequestSpans>();
        if (settings.Logs.IsExported)
        {
            services.AddLogging(logging => logging.AddOpenTelemetry(log => log.IncludeFormattedMessage = true));
            services.ConfigureOpenTelemetryLoggerProvider(logs => logs.ConfigureResource(settings.Describe).AddOtlpExporter(settings.Logs.Apply));
        }
        return services;
    }

    /// <summary>Begins to collect in a program that is no host; ends by <see cref="StopTelemetryAsync"/>.</summary>
    public static Task StartTelemetryAsync(this IServiceProvider services) => HostOf(services).StartingAsync(CancellationToken.None);

    /// <summary>Sends what was collected, and ends.</summary>
    public static Task StopTelemetryAsync(this IServiceProvider services) => HostOf(services).StoppedAsync(CancellationToken.None);

    private static TelemetryHost HostOf(IServiceProvider services) => services.GetServices<IHostedService>().OfType<TelemetryHost>().Single();
}
