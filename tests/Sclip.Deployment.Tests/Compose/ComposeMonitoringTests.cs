using System.Text.Json.Nodes;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Compose;

/// <summary>That Prometheus finds the services, and Grafana finds Prometheus and the dashboard.</summary>
public class ComposeMonitoringTests
{
    private const string Scrapes = "tools/compose/prometheus.yaml";

    [Fact]
    public async Task Promtool_takes_what_Prometheus_is_given()
    {
        var (code, output, error) = await Command.RunAsync("promtool", ["check", "config", Path.Combine(Repository.Root, Scrapes)]);
        Assert.True(code == 0, output + error);
        var (prometheus, mount) = (ComposeFile.Services()["prometheus"], $"./{Scrapes}");
        Assert.Contains($"--config.file={ComposeFile.Mounts(prometheus).Single(found => found.Source == mount).Target}", ComposeFile.Strings(prometheus["command"]));
    }

    [Fact]
    public async Task Every_service_is_scraped_at_its_port_under_the_name_that_the_dashboard_asks_for()
    {
        var scrapes = Read(Scrapes)["scrape_configs"]!.AsArray();
        foreach (var scrape in scrapes)
        {
            var found = Assert.Single(scrape!["dns_sd_configs"]!.AsArray())!;
            var name = (string)Assert.Single(found["names"]!.AsArray())!;
            Assert.Equal($"sclip-{name}", (string?)scrape["job_name"]);
            Assert.Equal(Dockerfile.Port((string)ComposeFile.Services()[name]["build"]!["target"]!), (int)found["port"]!);
        }
        Assert.Equal(["sclip-dispatcher", "sclip-worker"], scrapes.Select(scrape => (string)scrape!["job_name"]!).Order());
        var monitored = Assert.Single((await Overlay.RenderAsync("cpu")).Of("PodMonitor"))["spec"]!["selector"]!["matchExpressions"]![0]!["values"]!.AsArray().Select(value => (string)value!);
        Assert.All(scrapes, scrape => Assert.Contains((string)scrape!["job_name"]!, monitored));
    }

    [Fact]
    public void Grafana_shows_the_dashboard_of_the_manifests_with_values_of_Prometheus()
    {
        var grafana = ComposeFile.Services()["grafana"];
        var mounts = ComposeFile.Mounts(grafana).ToDictionary(mount => mount.Target, mount => mount.Source);
        var source = Assert.Single(Read(mounts["/etc/grafana/provisioning/datasources/sclip.yaml"])["datasources"]!.AsArray())!;
        var address = new Uri((string)source["url"]!);
        Assert.Equal($"127.0.0.1:{address.Port}:{address.Port}", Assert.Single(ComposeFile.Strings(ComposeFile.Services()[address.Host]["ports"])));
        Assert.True((bool?)source["isDefault"]);
        var folder = (string)Read(mounts["/etc/grafana/provisioning/dashboards/sclip.yaml"])["providers"]![0]!["options"]!["path"]!;
        Assert.Equal("./k8s/monitoring/dashboards", mounts[folder]);
        var home = ComposeFile.Environment(grafana)["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"];
        Assert.True(File.Exists(Path.Combine(Repository.Root, mounts[folder], Path.GetRelativePath(folder, home))));
    }

    private static JsonObject Read(string file) => Yaml.Read(File.ReadAllText(Path.Combine(Repository.Root, file)))[0];
}
