namespace Sclip.Hosting.Telemetry;

/// <summary>Kinds of metrics in Prometheus' text format.</summary>
internal enum PrometheusType
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Cumulative buckets with a sum and a count.</summary>
    Histogram,
}
