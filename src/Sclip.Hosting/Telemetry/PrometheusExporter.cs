using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Sclip.Hosting.Telemetry;

/// <summary>Collects metrics when somebody asks for them, as a page of Prometheus' text format.</summary>
/// <param name="isWhole">Whether the page also says what process it is of; else it is a part that follows such a page.</param>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter(bool isWhole) : BaseExporter<Metric>, IPullMetricExporter
{
    private const int TimeoutMilliseconds = 5_000;

    private readonly Lock _collecting = new();
    private string _page = "";

    /// <summary>Set by the reader that this exporter belongs to; null where no metrics are collected.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>The values of now; null where there are none to collect (before the start, after the stop).</summary>
    public string? Scrape()
    {
        lock (_collecting)
            return Collect?.Invoke(TimeoutMilliseconds) == true ? _page : null;
    }

    /// <inheritdoc />
    public override ExportResult Export(in Batch<Metric> batch)
    {
        _page = PrometheusText.Write(isWhole ? ParentProvider.GetResource() : null, batch);
        return ExportResult.Success;
    }
}
