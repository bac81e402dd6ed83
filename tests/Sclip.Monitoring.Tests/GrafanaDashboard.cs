using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sclip.Testing;

namespace Sclip.Monitoring.Tests;

/// <summary>The dashboard's file, with its queries as Grafana sends them.</summary>
internal static partial class GrafanaDashboard
{
    public static JsonObject Read() => JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "k8s", "monitoring", "dashboards", "sclip.json")))!.AsObject();

    public static IEnumerable<JsonObject> Panels(JsonObject dashboard) => dashboard["panels"]!.AsArray().Select(panel => panel!.AsObject());

    /// <summary>All queries: of which panel, and what is asked.</summary>
    public static IEnumerable<(string Panel, string Query)> Queries(JsonObject dashboard) =>
        from panel in Panels(dashboard)
        from target in panel["targets"]?.AsArray() ?? []
        select ((string)panel["title"]!, (string)target!["expr"]!);

    /// <summary>A query with its variables replaced, where "All" is chosen.</summary>
    public static string Substitute(string query)
    {
        var replaced = query.Replace("$__rate_interval", "30s", StringComparison.Ordinal).Replace("$namespace", ".*", StringComparison.Ordinal).Replace("$job", ".*", StringComparison.Ordinal);
        Assert.DoesNotContain("$", replaced, StringComparison.Ordinal);
        return replaced;
    }

    /// <summary>The names of the metrics in a query.</summary>
    public static IEnumerable<string> Metrics(string query) => Metric().Matches(query).Select(match => match.Value);

    [GeneratedRegex(@"\b[a-z_]+(?=\{)|\bDCGM_[A-Z_]+")]
    private static partial Regex Metric();
}
