using System.Text.RegularExpressions;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Deployment.Tests.Services;

namespace Sclip.Deployment.Tests.Monitoring;

/// <summary>That alerts and the dashboard ask for what the running program exports.</summary>
public class MetricTests(DeployedServices services)
{
    /// <summary>Values that only broken infrastructure brings about: no shard fails here, and no job waits for a model.</summary>
    private static readonly (string Metric, string Label, string Value)[] Unprovoked =
        [("sclip_shards_total", "sclip_outcome", "failed"), ("sclip_job_waiting_seconds", "sclip_job_waits_for", "model|device")];

    /// <summary>What a worker exports only while it waits for a model; its name and label are checked where models are waited for.</summary>
    private const string OfWaits = "sclip_model_wait_seconds";

    /// <summary>What only a worker on a GPU exports; its names are checked where the page for Prometheus is.</summary>
    private const string OfDevices = "sclip_device_";

    [Fact]
    public async Task Every_metric_of_a_query_is_exported_with_the_labels_that_the_query_selects_by()
    {
        await services.UseAsync();
        var problems = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var query in await Queries.AllAsync())
            foreach (var (name, matchers) in query.Metrics.Where(metric => metric.Name != "up" && metric.Name != OfWaits && !metric.Name.StartsWith(OfDevices, StringComparison.Ordinal)))
            {
                if (!services.Metrics.Has(name))
                {
                    problems.Add($"{query.Source}: {name} is not exported");
                    continue;
                }
                foreach (var (label, comparison, value) in matchers.Where(matcher => !matcher.Value.Contains('$', StringComparison.Ordinal)))
                    if (services.Metrics.Values(name, label) is not { } values)
                        problems.Add($"{query.Source}: {name} has no label {label}");
                    else if (comparison is "=" or "=~" && !Unprovoked.Contains((name, label, value)) && !values.Any(found => Regex.IsMatch(found, comparison == "=" ? $"^{Regex.Escape(value)}$" : $"^(?:{value})$")))
                        problems.Add($"{query.Source}: {name} has no {label} {comparison} {value}, but {string.Join(", ", values)}");
            }
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public async Task What_is_up_is_asked_for_by_the_names_that_the_monitor_gives()
    {
        var rendered = await Overlay.RenderAsync("cpu");
        var monitor = Assert.Single(rendered.Of("PodMonitor"))["spec"]!;
        var names = rendered.Deployments.Select(Overlay.LabelsOf).Where(labels => Overlay.Selects(monitor["selector"]!, labels)).Select(labels => (string)labels[(string)monitor["jobLabel"]!]!).ToArray();
        var asked = (await Queries.AllAsync()).SelectMany(query => query.Metrics).Where(metric => metric.Name == "up").SelectMany(metric => metric.Matchers).Where(matcher => matcher.Label == "job").ToArray();
        Assert.NotEmpty(asked);
        Assert.All(asked, matcher => Assert.Contains(names, name => Regex.IsMatch(name, $"^(?:{matcher.Value})$")));
    }

    [Fact]
    public void Metrics_are_found_in_a_query_and_labels_are_not_taken_for_them()
    {
        var found = Queries.Metrics("""sum by (sclip_queue, pod) (rate(sclip_a_total{sclip_x="y", b=~"c|d"}[5m])) / on (sclip_queue) group_left (sclip_z) sclip_b > 0 and absent(up{job="j"})""").ToArray();
        Assert.Equal(["sclip_a_total", "sclip_b", "up"], found.Select(metric => metric.Name));
        Assert.Equal([("sclip_x", "=", "y"), ("b", "=~", "c|d")], found[0].Matchers);
        Assert.Equal(["sclip_jobs"], Queries.Metrics("label_values(sclip_jobs{a=\"b\"}, sclip_job)").Select(metric => metric.Name));
    }
}
