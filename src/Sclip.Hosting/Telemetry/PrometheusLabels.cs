using System.Globalization;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Sclip.Hosting.Telemetry;

/// <summary>Attributes as Prometheus' labels: <c>name="value",…</c>, without the braces.</summary>
internal static class PrometheusLabels
{
    /// <summary>The labels of a point: the meter it comes from, and its own attributes.</summary>
    public static string Of(Metric metric, ReadOnlyTagCollection tags)
    {
        var attributes = new List<KeyValuePair<string, object?>> { new("otel.scope.name", metric.MeterName) };
        if (metric.MeterVersion is { Length: > 0 } version)
            attributes.Add(new("otel.scope.version", version));
        foreach (var tag in tags)
            attributes.Add(tag);
        return Of(attributes);
    }

    /// <summary>The labels of a resource.</summary>
    public static string Of(Resource resource) => Of(resource.Attributes.Select(attribute => KeyValuePair.Create<string, object?>(attribute.Key, attribute.Value)));

    /// <summary>The labels of some attributes; values whose keys become the same name are joined by ';' in the order of their keys.</summary>
    public static string Of(IEnumerable<KeyValuePair<string, object?>> attributes)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            var name = PrometheusNames.Label(key);
            labels[name] = labels.TryGetValue(name, out var before) ? $"{before};{Text(value)}" : Text(value);
        }
        return string.Join(',', labels.Select(label => $"{label.Key}=\"{Escape(label.Value)}\""));
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "true" : "false",
        double number => PrometheusText.Number(number),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        Array many => JsonSerializer.Serialize(many),
        _ => value.ToString() ?? "",
    };

    private static string Escape(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
}
