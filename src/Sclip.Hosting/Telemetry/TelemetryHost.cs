using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Sclip.Hosting.Telemetry;

/// <summary>Collects traces and metrics from before the first service starts until after the last has stopped.</summary>
internal sealed class TelemetryHost(TelemetrySettings settings, PrometheusExporter prometheus, IServiceProvider services) : IHostedLifecycleService, IDisposable
{
    // What a collector that does not answer may cost when the process stops.
    private const int ShutdownMilliseconds = 5_000;

    private OpenTelemetrySdk? _sdk;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!settings.IsDisabled)
            _sdk = OpenTelemetrySdk.Create(Build);
        return Task.CompletedTask;
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        var logs = services.GetService<LoggerProvider>();
        if (_sdk is not { } sdk)
            return;
        var shutdown = Task.WhenAll(
            Task.Run(() => sdk.TracerProvider.Shutdown(ShutdownMilliseconds), CancellationToken.None),
            Task.Run(() => sdk.MeterProvider.Shutdown(ShutdownMilliseconds), CancellationToken.None),
            Task.Run(() => logs?.Shutdown(ShutdownMilliseconds), CancellationToken.None));
        await shutdown.WaitAsync(TimeSpan.FromMilliseconds(ShutdownMilliseconds), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _sdk?.Dispose();

    private void Build(IOpenTelemetryBuilder builder)
    {
        // The SDK reads its OTEL_ variables from here: the sampler, limits, intervals, and the exporter's settings.
        builder.Services.AddSingleton(settings.Configuration);
        builder.ConfigureResource(settings.Describe);
        builder.WithMetrics(metrics =>
        {
            metrics.AddMeter(SclipTelemetry.Name, "MassTransit", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel");
            metrics.AddReader(new BaseExportingMetricReader(prometheus) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative });
            if (settings.Metrics.IsExported)
                metrics.AddOtlpExporter(settings.Metrics.Apply);
        });
        // Without a collector spans would be made only to be thrown away, a dozen for every picture.
        if (settings.Traces.IsExported)
            builder.WithTracing(traces => traces
                .AddSource(SclipTelemetry.Name, "MassTransit", "Microsoft.AspNetCore", "Azure.*")
                .AddOtlpExporter(settings.Traces.Apply));
    }
}
