using System.Text.Json.Nodes;

namespace Sclip.Monitoring.Tests;

/// <summary>The Grafana dashboard against a Prometheus that scrapes a running pipeline.</summary>
public sealed class GrafanaTests(MonitoredPipeline pipeline)
{
    public static TheoryData<string, string> Queries => new(GrafanaDashboard.Queries(GrafanaDashboard.Read()));

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Every_panel_has_something_to_show(string panel, string query)
    {
        var series = await pipeline.Prometheus.SeriesAsync(GrafanaDashboard.Substitute(query));
        Assert.True(series.Count > 0, panel);
    }

    [Fact]
    public async Task Metrics_of_the_dashboard_are_those_that_the_program_exports()
    {
        var used = GrafanaDashboard.Queries(GrafanaDashboard.Read()).SelectMany(item => GrafanaDashboard.Metrics(item.Query)).ToHashSet(StringComparer.Ordinal);
        Assert.True(used.Count >= 20, string.Join(", ", used));
        // The last to come: what needs a redelivered shard.
        await pipeline.Prometheus.SeriesAsync("sclip_shard_redeliveries_total");
        Assert.Empty(used.Except(await pipeline.Prometheus.NamesAsync()));
    }

    [Fact]
    public void Panels_have_titles_descriptions_and_places_of_their_own()
    {
        var dashboard = GrafanaDashboard.Read();
        var panels = GrafanaDashboard.Panels(dashboard).ToArray();
        Assert.Equal(panels.Length, panels.Select(panel => (int)panel["id"]!).Distinct().Count());
        var taken = new HashSet<(int X, int Y)>();
        foreach (var panel in panels)
        {
            Assert.NotEmpty((string)panel["title"]!);
            var (place, isRow) = (panel["gridPos"]!.AsObject(), (string)panel["type"]! == "row");
            Assert.True(isRow || (string?)panel["description"] is { Length: > 0 }, $"{panel["title"]} says nothing of what it shows.");
            Assert.InRange((int)place["x"]! + (int)place["w"]!, 1, 24);
            for (var x = (int)place["x"]!; x < (int)place["x"]! + (int)place["w"]!; x++)
                for (var y = (int)place["y"]!; y < (int)place["y"]! + (int)place["h"]!; y++)
                    Assert.True(taken.Add((x, y)), $"{panel["title"]} lies over another panel.");
        }
    }

    [Fact]
    public void Every_source_of_data_is_the_one_that_is_chosen_and_no_address_is_in_it()
    {
        var dashboard = GrafanaDashboard.Read();
        Assert.Equal("sclip", (string?)dashboard["uid"]);
        Assert.DoesNotContain("://", dashboard.ToJsonString(), StringComparison.Ordinal);
        Assert.All(Sources(dashboard), source => Assert.Equal("${datasource}", (string?)source!["uid"]));
        Assert.Equal(["datasource", "namespace", "job"], dashboard["templating"]!["list"]!.AsArray().Select(variable => (string)variable!["name"]!));
    }

    private static IEnumerable<JsonNode?> Sources(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field is { Key: "datasource", Value: JsonObject source } ? [source] : Sources(field.Value)),
        JsonArray items => items.SelectMany(Sources),
        _ => [],
    };
}
