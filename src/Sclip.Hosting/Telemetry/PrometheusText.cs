using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Sclip.Hosting.Telemetry;

/// <summary>Writes metrics in Prometheus' text format 0.0.4, by OpenTelemetry's rules for it.</summary>
internal static class PrometheusText
{
    /// <summary>The format's media type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>A page with the resource, where given, as <c>target_info</c> and every metric, each family once.</summary>
    public static string Write(Resource? resource, in Batch<Metric> metrics)
    {
        var page = new StringBuilder(16 * 1024);
        if (resource is not null)
        {
            WriteHead(page, "target_info", PrometheusType.Gauge, "The process that these metrics are of.");
            WriteSample(page, "target_info", PrometheusLabels.Of(resource), "1");
        }

        // Two meters may have metrics of one name; Prometheus wants a family's head once, with its samples in one piece.
        var families = new Dictionary<string, (PrometheusType Type, List<Metric> Metrics)>(StringComparer.Ordinal);
        foreach (var metric in metrics)
        {
            if (TypeOf(metric) is not { } type)
                continue;
            var name = PrometheusNames.Family(metric.Name, metric.Unit, type);
            if (!families.TryGetValue(name, out var family))
                families.Add(name, family = (type, []));
            if (family.Type == type)
                family.Metrics.Add(metric);
        }
        foreach (var (name, (type, members)) in families)
        {
            WriteHead(page, name, type, members[0].Description);
            foreach (var metric in members)
                WriteMetric(page, name, metric);
        }
        return page.ToString();
    }

    /// <summary>A number as Prometheus reads it.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    // Exponential histograms have no form in this text format; the reader asks for none.
    private static PrometheusType? TypeOf(Metric metric) => metric.MetricType switch
    {
        MetricType.LongSum or MetricType.DoubleSum => PrometheusType.Counter,
        MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic or MetricType.LongGauge or MetricType.DoubleGauge => PrometheusType.Gauge,
        MetricType.Histogram => PrometheusType.Histogram,
        _ => null,
    };

    private static void WriteHead(StringBuilder page, string name, PrometheusType type, string help)
    {
        if (help.Length > 0)
            page.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\").Replace("\n", "\\n")).Append('\n');
        var word = type switch { PrometheusType.Counter => "counter", PrometheusType.Gauge => "gauge", _ => "histogram" };
        page.Append("# TYPE ").Append(name).Append(' ').Append(word).Append('\n');
    }

    private static void WriteMetric(StringBuilder page, string name, Metric metric)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = PrometheusLabels.Of(metric, point.Tags);
            if (metric.MetricType == MetricType.Histogram)
                WriteHistogram(page, name, labels, point);
            else
                WriteSample(page, name, labels, Value(metric.MetricType, point));
        }
    }

    private static string Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong().ToString(CultureInfo.InvariantCulture),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Number(point.GetSumDouble()),
        MetricType.LongGauge => point.GetGaugeLastValueLong().ToString(CultureInfo.InvariantCulture),
        _ => Number(point.GetGaugeLastValueDouble()),
    };

    private static void WriteHistogram(StringBuilder page, string name, string labels, in MetricPoint point)
    {
        var upTo = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            upTo += bucket.BucketCount;
            var bound = $"le=\"{Number(bucket.ExplicitBound)}\"";
            WriteSample(page, name + "_bucket", labels.Length == 0 ? bound : $"{labels},{bound}", upTo.ToString(CultureInfo.InvariantCulture));
        }
        WriteSample(page, name + "_sum", labels, Number(point.GetHistogramSum()));
        WriteSample(page, name + "_count", labels, point.GetHistogramCount().ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteSample(StringBuilder page, string name, string labels, string value)
    {
        page.Append(name);
        if (labels.Length > 0)
            page.Append('{').Append(labels).Append('}');
        page.Append(' ').Append(value).Append('\n');
    }
}
