using System.Net;
using Sclip.Deployment.Tests.Manifests;

namespace Sclip.Deployment.Tests.Services;

/// <summary>That what a cluster asks of the services is there.</summary>
public class ProbeTests(DeployedServices services)
{
    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Fact]
    public async Task Jobs_that_were_submitted_before_the_first_worker_started_are_done_once_it_does()
    {
        await services.UseAsync();
        Assert.Equal(["completed", "completed"], services.States);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_probe_hits_a_path_that_answers(string overlay)
    {
        await services.UseAsync();
        var rendered = await Overlay.RenderAsync(overlay);
        // A kubelet has no key.
        using var anyone = new HttpClient();
        foreach (var (name, client) in new[] { ("dispatcher", services.Dispatcher), ("worker", services.Worker) })
        {
            var container = ContainerEnvironment.Container(rendered, name);
            foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
            {
                using var answer = await anyone.GetAsync(new Uri(client.BaseAddress!, (string)container[probe]!["httpGet"]!["path"]!));
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
            Assert.EndsWith("/ready", (string?)container["readinessProbe"]!["httpGet"]!["path"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task A_service_listens_on_the_port_that_its_container_names(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        foreach (var name in (string[])["dispatcher", "worker", .. overlay == "local" ? ["workbench"] : Array.Empty<string>()])
        {
            var container = ContainerEnvironment.Container(rendered, name);
            Assert.Equal($"http://*:{container["ports"]![0]!["containerPort"]}", ContainerEnvironment.Of(rendered, container, _ => "any")["SCLIP_URLS"]);
        }
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public async Task Prometheus_scrapes_both_services_where_they_export_metrics_without_a_key(string overlay)
    {
        await services.UseAsync();
        var rendered = await Overlay.RenderAsync(overlay);
        var monitor = Assert.Single(rendered.Of("PodMonitor"))["spec"]!;
        var endpoint = Assert.Single(monitor["podMetricsEndpoints"]!.AsArray())!;
        using var anyone = new HttpClient();
        foreach (var (name, client) in new[] { ("dispatcher", services.Dispatcher), ("worker", services.Worker) })
        {
            Assert.True(Overlay.Selects(monitor["selector"]!, Overlay.LabelsOf(rendered.The("Deployment", $"sclip-{name}"))));
            Assert.Equal((string?)endpoint["port"], (string?)ContainerEnvironment.Container(rendered, name)["ports"]![0]!["name"]);
            Assert.Contains("sclip", await anyone.GetStringAsync(new Uri(client.BaseAddress!, (string)endpoint["path"]!)), StringComparison.Ordinal);
        }
    }
}
