using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Health;

namespace Sclip.Hosting.Telemetry;

/// <summary>Makes a host collect traces and metrics.</summary>
public static class TelemetryServices
{
    /// <summary>
    /// Collects the metrics of Sclip, MassTransit, ASP.NET, the HTTP clients, the runtime and the process while the host runs. They, and the log
    /// and the traces of Sclip, MassTransit, ASP.NET and (where AZURE_EXPERIMENTAL_ENABLE_ACTIVITY_SOURCE is true) Azure's clients, are sent by
    /// OTLP where OTEL_EXPORTER_OTLP_ENDPOINT or the one of a signal is set; the other OTEL_ variables are followed. Health checks are added too,
    /// for <see cref="DefaultEndpoints.MapSclipDefaults"/>, which also shows the metrics. A second call changes nothing.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Where the OTEL_ variables are: a host's configuration, of which the environment is a part.</param>
    /// <param name="serviceName">What the process is called where OTEL_SERVICE_NAME does not say; for example <c>sclip-worker</c>.</param>
    /// <exception cref="ConfigurationException">An OTEL_EXPORTER_OTLP_ variable has a value that cannot be meant; the message names it.</exception>
    public static IServiceCollection AddSclipTelemetry(this IServiceCollection services, IConfiguration configuration, string serviceName)
    {
        services.AddHealthChecks();
        var isDisabled = string.Equals(configuration["OTEL_SDK_DISABLED"]?.Trim(), "true", StringComparison.OrdinalIgnoreCase);
        if (isDisabled || services.Any(service => service.ServiceType == typeof(MeterProvider)))
            return services;
        var (traceExport, metricExport, logExport) = (new OtlpSignal("TRACES", configuration), new OtlpSignal("METRICS", configuration), new OtlpSignal("LOGS", configuration));
        traceExport.Validate();
        metricExport.Validate();
        logExport.Validate();

        var instance = Guid.NewGuid().ToString();
        var telemetry = services.AddOpenTelemetry();
        // What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say comes last and wins.
        telemetry.ConfigureResource(resource => resource.AddService(serviceName, serviceVersion: SclipTelemetry.Version, serviceInstanceId: instance).AddEnvironmentVariableDetector());
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(SclipTelemetry.Name, SclipTelemetry.DeviceName, "MassTransit")
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddProcessInstrumentation();
            // The addresses behind a host's name come and go, and each would be a series more.
            metrics.AddView(instrument => instrument.Meter.Name == "System.Net.Http" ? new MetricStreamConfiguration { ExcludedTagKeys = ["network.peer.address"] } : null);
            // A page says what is now, also to one who asks twice in a row; to collect takes a few milliseconds.
            metrics.AddPrometheusExporter(prometheus => prometheus.ScrapeResponseCacheDurationMilliseconds = 0);
            if (metricExport.IsExported)
                metrics.AddOtlpExporter(metricExport.Apply);
        });
        // Without a collector spans would be made only to be thrown away, a dozen for every picture. Requests to the store have no spans of their
        // own: those of the stages, or Azure's, have them.
        if (traceExport.IsExported)
            telemetry.WithTracing(traces => traces
                .AddSource(SclipTelemetry.Name, "MassTransit", "Azure.*")
                .AddAspNetCoreInstrumentation(requests => requests.Filter = context => !DefaultEndpoints.IsProbe(context.Request.Path))
                .AddProcessor(new QuietMessages())
                .AddOtlpExporter(traceExport.Apply));
        if (logExport.IsExported)
            telemetry.WithLogging(logs => logs.AddOtlpExporter(logExport.Apply), log => log.IncludeFormattedMessage = true);
        return services;
    }
}
