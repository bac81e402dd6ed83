using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Monitoring;

/// <summary>A query in PromQL, and what it asks for of ours.</summary>
/// <param name="Source">Where it stands.</param>
/// <param name="Text">The query.</param>
internal sealed record Query(string Source, string Text)
{
    /// <summary>The metrics of the program that it names, with the labels it selects by.</summary>
    public IEnumerable<(string Name, (string Label, string Operator, string Value)[] Matchers)> Metrics => Queries.Metrics(Text);
}

/// <summary>The queries of alerts and of the dashboard.</summary>
internal static partial class Queries
{
    /// <summary>All of them.</summary>
    public static async Task<Query[]> AllAsync()
    {
        var rules = (await Overlay.RenderAsync("cpu")).Of("PrometheusRule").SelectMany(found => found["spec"]!["groups"]!.AsArray()).SelectMany(group => group!["rules"]!.AsArray());
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "k8s", "monitoring", "dashboards", "sclip.json")))!;
        return [.. rules.Select(rule => new Query($"alert {rule!["alert"]}", (string)rule["expr"]!)), .. TextsOf(dashboard).Select(text => new Query("dashboard", text))];
    }

    /// <summary>The program's metrics in a query: what begins as its meters do, and is no label.</summary>
    public static IEnumerable<(string Name, (string Label, string Operator, string Value)[] Matchers)> Metrics(string query)
    {
        // Labels stand in the brackets of by, on and the like, and behind the metric in a variable of the dashboard.
        foreach (Match match in Metric().Matches(Grouping().Replace(LabelValues().Replace(query, "$1"), " ")))
            yield return (match.Groups["name"].Value, [.. Matcher().Matches(match.Groups["labels"].Value).Select(label => (label.Groups[1].Value, label.Groups[2].Value, label.Groups[3].Value))]);
    }

    private static IEnumerable<string> TextsOf(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(pair => pair is { Key: "expr" or "query" or "definition", Value: JsonValue value } && value.TryGetValue<string>(out var text) ? [text] : TextsOf(pair.Value)),
        JsonArray list => list.SelectMany(TextsOf),
        _ => [],
    };

    [GeneratedRegex(@"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"label_values\s*\((.+),\s*\w+\s*\)")]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"(?<![\w""$])(?<name>(?:sclip|dotnet|http_server|http_client|kestrel|aspnetcore|messaging)_\w+|up(?=\s*\{))(?:\s*\{(?<labels>[^}]*)\})?")]
    private static partial Regex Metric();

    [GeneratedRegex(@"(\w+)\s*(=~|!~|!=|=)\s*""([^""]*)""")]
    private static partial Regex Matcher();
}
