using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Sclip.Hosting.Telemetry;

/// <summary>Collects traces and metrics from before the first service starts until after the last has stopped.</summary>
internal sealed class TelemetryHost(TelemetrySettings settings, PrometheusPage prometheus, IServiceProvider services) : IHostedLifecycleService, IDisposable
{
    // What a collector that does not answer may cost when the process stops.
    private const int ShutdownMilliseconds = 5_000;

    private OpenTelemetrySdk? _sdk;
    private OpenTelemetrySdk? _live;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!settings.IsDisabled)
            (_sdk, _live) = (OpenTelemetrySdk.Create(Build), OpenTelemetrySdk.Create(BuildLive));
        return Task.CompletedTask;
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        var logs = services.GetService<LoggerProvider>();
        if (_sdk is not { } sdk || _live is not { } live)
            return;
        var shutdown = Task.WhenAll(
            Task.Run(() => sdk.TracerProvider.Shutdown(ShutdownMilliseconds), CancellationToken.None),
            Task.Run(() => sdk.MeterProvider.Shutdown(ShutdownMilliseconds), CancellationToken.None),
            Task.Run(() => live.MeterProvider.Shutdown(ShutdownMilliseconds), CancellationToken.None),
            Task.Run(() => logs?.Shutdown(ShutdownMilliseconds), CancellationToken.None));
        await shutdown.WaitAsync(TimeSpan.FromMilliseconds(ShutdownMilliseconds), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _sdk?.Dispose();
        _live?.Dispose();
    }

    private void Build(IOpenTelemetryBuilder builder)
    {
        // The SDK reads its OTEL_ variables from here: the sampler, limits, intervals, and the exporter's settings.
        builder.Services.AddSingleton(settings.Configuration);
        builder.ConfigureResource(settings.Describe);
        builder.WithMetrics(metrics =>
        {
            metrics.AddMeter(SclipTelemetry.Name, SclipTelemetry.DeviceName, "MassTransit", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel");
            metrics.AddReader(new BaseExportingMetricReader(prometheus.Lasting) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative });
            if (settings.Metrics.IsExported)
                metrics.AddOtlpExporter(settings.Metrics.Apply);
        });
        // Without a collector spans would be made only to be thrown away, a dozen for every picture.
        if (settings.Traces.IsExported)
            builder.WithTracing(traces => traces
                .AddSource(SclipTelemetry.Name, "MassTransit", "Microsoft.AspNetCore", "Azure.*")
                .AddProcessor(new QuietReports())
                .AddOtlpExporter(settings.Traces.Apply));
    }

    /// <summary>
    /// The gauges whose series come and go. A reader of cumulative values shows each series that ever was, and at last takes in no more; one
    /// of deltas shows those that were measured, which for a gauge is the only difference. Readers read all instruments of their provider.
    /// </summary>
    private void BuildLive(IOpenTelemetryBuilder builder)
    {
        builder.Services.AddSingleton(settings.Configuration);
        builder.ConfigureResource(settings.Describe);
        builder.WithMetrics(metrics =>
        {
            metrics.AddMeter(SclipTelemetry.LiveName);
            metrics.AddReader(new BaseExportingMetricReader(prometheus.Live) { TemporalityPreference = MetricReaderTemporalityPreference.Delta });
            if (settings.Metrics.IsExported)
                metrics.AddOtlpExporter((exporter, reader) =>
                {
                    settings.Metrics.Apply(exporter);
                    reader.TemporalityPreference = MetricReaderTemporalityPreference.Delta;
                });
        });
    }
}
