namespace Sclip.Hosting.Telemetry;

/// <summary>All metrics of the process, as one page of Prometheus' text format.</summary>
internal sealed class PrometheusPage
{
    /// <summary>Metrics that go on once they have begun.</summary>
    public PrometheusExporter Lasting { get; } = new(isWhole: true);

    /// <summary>Gauges whose series come and go.</summary>
    public PrometheusExporter Live { get; } = new(isWhole: false);

    /// <summary>The values of now; null where there are none to collect (before the start, after the stop).</summary>
    public string? Scrape() => Lasting.Scrape() is { } lasting && Live.Scrape() is { } live ? lasting + live : null;
}
