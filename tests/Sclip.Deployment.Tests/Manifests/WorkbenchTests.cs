using System.Text.Json.Nodes;
using Sclip.Deployment.Tests.Services;

namespace Sclip.Deployment.Tests.Manifests;

/// <summary>That the dispatcher finds the workbench, that nobody else does, and that what its sessions are in is not taken away.</summary>
public class WorkbenchTests
{
    private const string Name = "sclip-workbench";

    [Fact]
    public async Task The_dispatcher_forwards_to_the_service_of_the_workbench_with_the_key_that_it_knows()
    {
        var rendered = await Overlay.RenderAsync("local");
        var dispatcher = ContainerEnvironment.Of(rendered, ContainerEnvironment.Container(rendered, "dispatcher"), _ => "any");
        var service = rendered.The("Service", Name)["spec"]!;
        Assert.Equal($"http://{Name}", dispatcher["SCLIP_DISPATCHER__WORKBENCH"]);
        Assert.Equal(80, (int)service["ports"]![0]!["port"]!);
        Assert.True(Overlay.Selects(new JsonObject { ["matchLabels"] = service["selector"]!.DeepClone() }, Overlay.LabelsOf(rendered.The("Deployment", Name))));
        var (given, known) = (Secret(rendered, "dispatcher", "SCLIP_DISPATCHER__WORKBENCHKEY"), Secret(rendered, "workbench", "SCLIP_WORKBENCH__APIKEY"));
        Assert.Equal(known.ToJsonString(), given.ToJsonString());
        // The key of those who call the dispatcher is another.
        Assert.NotEqual(known.ToJsonString(), Secret(rendered, "dispatcher", "SCLIP_DISPATCHER__APIKEY").ToJsonString());
        var port = (int)Overlay.PodOf(rendered.The("Deployment", Name))["containers"]![0]!["ports"]![0]!["containerPort"]!;
        var way = Assert.Single(rendered.The("NetworkPolicy", "sclip-egress-workbench")["spec"]!["egress"]!.AsArray())!;
        Assert.Equal(port, (int)way["ports"]![0]!["port"]!);
        Assert.True(Overlay.Selects(way["to"]![0]!["podSelector"]!, Overlay.LabelsOf(rendered.The("Deployment", Name))));
    }

    [Fact]
    public async Task Only_the_dispatcher_and_the_monitoring_reach_it()
    {
        var rendered = await Overlay.RenderAsync("local");
        var rule = Assert.Single(rendered.The("NetworkPolicy", Name)["spec"]!["ingress"]!.AsArray())!;
        var (inside, outside) = (rule["from"]![0]!, rule["from"]![1]!);
        Assert.Equal(2, rule["from"]!.AsArray().Count);
        Assert.Equal(["sclip-dispatcher"], rendered.Deployments.Where(found => Overlay.Selects(inside["podSelector"]!, Overlay.LabelsOf(found))).Select(Overlay.NameOf));
        Assert.Null(inside["namespaceSelector"]);
        Assert.Equal("monitoring", (string?)outside["namespaceSelector"]!["matchLabels"]!["kubernetes.io/metadata.name"]);
    }

    [Fact]
    public async Task There_is_one_whose_sessions_no_scaling_takes_away_and_the_model_that_workers_have_is_there_first()
    {
        var rendered = await Overlay.RenderAsync("local");
        var deployment = rendered.The("Deployment", Name);
        Assert.Equal((1, "Recreate"), ((int)deployment["spec"]!["replicas"]!, (string)deployment["spec"]!["strategy"]!["type"]!));
        Assert.Equal("false", (string?)deployment["spec"]!["template"]!["metadata"]!["annotations"]!["cluster-autoscaler.kubernetes.io/safe-to-evict"]);
        var (init, workbench) = (ContainerEnvironment.Container(rendered, "workbench-model"), ContainerEnvironment.Container(rendered, "workbench"));
        var (before, after) = (ContainerEnvironment.Of(rendered, init, _ => "any"), ContainerEnvironment.Of(rendered, workbench, _ => "any"));
        Assert.Equal(["model", "pull", "$(SCLIP_WORKER__PRELOAD)"], init["args"]!.AsArray().Select(argument => (string)argument!));
        Assert.Equal(ContainerEnvironment.Of(rendered, ContainerEnvironment.Container(rendered, "worker"), _ => "any")["SCLIP_WORKER__PRELOAD"], before["SCLIP_WORKER__PRELOAD"]);
        Assert.Equal(after["SCLIP_CACHE"], before["SCLIP_CACHE"]);
        foreach (var container in new[] { init, workbench })
            Assert.Contains(container["volumeMounts"]!.AsArray(), mount => (string?)mount!["mountPath"] == after["SCLIP_CACHE"]);
        var threads = workbench["env"]!.AsArray().Single(variable => (string?)variable!["name"] == "SCLIP_WORKBENCH__THREADS")!["valueFrom"]!["resourceFieldRef"]!;
        Assert.Equal(("workbench", "limits.cpu"), ((string?)threads["containerName"], (string?)threads["resource"]));
        // Features, the model and a picture in work fit into it.
        var limit = (string)workbench["resources"]!["limits"]!["memory"]!;
        Assert.True(int.Parse(limit[..^"Gi".Length], System.Globalization.CultureInfo.InvariantCulture) * 1024 >= int.Parse(after["SCLIP_WORKBENCH__FEATUREMEGABYTES"], System.Globalization.CultureInfo.InvariantCulture) + 2000);
    }

    private static JsonNode Secret(Overlay overlay, string container, string variable) =>
        ContainerEnvironment.Container(overlay, container)["env"]!.AsArray().Single(found => (string?)found!["name"] == variable)!["valueFrom"]!["secretKeyRef"]!;
}
