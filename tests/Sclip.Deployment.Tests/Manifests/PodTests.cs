using System.Text.Json.Nodes;
using Sclip.Deployment.Tests.Services;

namespace Sclip.Deployment.Tests.Manifests;

/// <summary>What no schema says of pods: that they are restricted, placed well, and what they refer to is there.</summary>
public class PodTests
{
    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_pod_keeps_to_the_restricted_profile_that_its_namespace_enforces(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        Assert.Equal("restricted", (string?)rendered.The("Namespace", "sclip")["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"]);
        Assert.All(rendered.Deployments, deployment =>
        {
            var pod = Overlay.PodOf(deployment);
            Assert.True((bool?)pod["securityContext"]!["runAsNonRoot"]);
            Assert.Equal("RuntimeDefault", (string?)pod["securityContext"]!["seccompProfile"]!["type"]);
            Assert.NotEqual(0, (int)pod["securityContext"]!["runAsUser"]!);
            Assert.False((bool?)pod["automountServiceAccountToken"]);
            Assert.False((bool?)pod["enableServiceLinks"]);
            Assert.All(["hostNetwork", "hostPID", "hostIPC"], key => Assert.Null(pod[key]));
            Assert.All(pod["volumes"]!.AsArray(), volume => Assert.NotNull(volume!["emptyDir"]));
            Assert.All(Overlay.ContainersOf(deployment), container =>
            {
                Assert.False((bool?)container["securityContext"]!["allowPrivilegeEscalation"]);
                Assert.Equal("""["ALL"]""", container["securityContext"]!["capabilities"]!["drop"]!.ToJsonString());
                Assert.Null(container["securityContext"]!["capabilities"]!["add"]);
                if ((string?)container["name"] != "rabbitmq")
                    Assert.True((bool?)container["securityContext"]!["readOnlyRootFilesystem"]);
            });
        });
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_container_asks_for_what_it_needs_and_workers_get_the_CPUs_that_their_threads_use(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        Assert.All(rendered.Deployments.SelectMany(Overlay.ContainersOf), container =>
        {
            Assert.NotNull(container["resources"]!["requests"]!["cpu"]);
            Assert.NotNull(container["resources"]!["requests"]!["memory"]);
            Assert.NotNull(container["resources"]!["limits"]!["memory"]);
        });
        var worker = Worker(rendered);
        var threads = Variable(worker, "SCLIP_WORKER__THREADS")!["valueFrom"]!["resourceFieldRef"]!;
        Assert.Equal("limits.cpu", (string?)threads["resource"]);
        Assert.Equal((string?)worker["name"], (string?)threads["containerName"]);
        Assert.NotNull(worker["resources"]!["limits"]!["cpu"]);
        if (overlay != "local")
            Assert.Equal((string?)worker["resources"]!["limits"]!["cpu"], (string?)worker["resources"]!["requests"]!["cpu"]);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Dispatchers_and_workers_are_spread_and_only_some_may_be_away(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        foreach (var name in new[] { "sclip-dispatcher", "sclip-worker" })
        {
            var deployment = rendered.The("Deployment", name);
            var labels = Overlay.LabelsOf(deployment);
            Assert.True(Overlay.Selects(deployment["spec"]!["selector"]!, labels));
            var spread = Overlay.PodOf(deployment)["topologySpreadConstraints"]!.AsArray();
            Assert.All(spread, constraint => Assert.True(Overlay.Selects(constraint!["labelSelector"]!, labels)));
            Assert.Equal(["kubernetes.io/hostname", "topology.kubernetes.io/zone"], spread.Select(constraint => (string)constraint!["topologyKey"]!).Order());
            var budget = Assert.Single(rendered.Of("PodDisruptionBudget"), budget => Overlay.Selects(budget["spec"]!["selector"]!, labels));
            // What must be there would block the drain of a node where one is all there is.
            Assert.NotNull(budget["spec"]!["maxUnavailable"]);
            Assert.Equal(name, (string?)Overlay.PodOf(deployment)["serviceAccountName"]);
            Assert.False((bool?)rendered.The("ServiceAccount", name)["automountServiceAccountToken"]);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Everything_is_in_the_namespace_that_it_makes(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        Assert.All(rendered.Objects.Where(found => (string?)found["kind"] != "Namespace"), found => Assert.Equal("sclip", (string?)found["metadata"]!["namespace"]));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Settings_are_where_containers_look_for_them_and_a_change_of_one_replaces_the_pods(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        var maps = rendered.Of("ConfigMap").Select(Overlay.NameOf).ToArray();
        foreach (var container in rendered.Deployments.SelectMany(Overlay.ContainersOf))
            foreach (var source in container["envFrom"]?.AsArray() ?? [])
            {
                var name = (string)source!["configMapRef"]!["name"]!;
                Assert.Contains(name, maps);
                Assert.Matches("^sclip-([a-z]+-)*config-[a-z0-9]{10}$", name);
            }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Secrets_are_named_and_only_those_for_one_machine_are_written_down(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        var written = rendered.Of("Secret").ToDictionary(Overlay.NameOf, secret => secret["data"]!.AsObject().Select(pair => pair.Key).ToArray());
        if (overlay != "local")
            Assert.Empty(written);
        // What has to be made by hand, and what the cluster operator makes.
        var made = new Dictionary<string, string[]>
        {
            ["sclip-store"] = ["connection", "account"],
            ["sclip-api"] = ["key"],
            ["sclip-hub"] = ["token"],
            ["rabbitmq-default-user"] = ["connection_string", "username", "password"],
        };
        var references = rendered.Deployments.SelectMany(Overlay.ContainersOf).SelectMany(container => container["env"]?.AsArray() ?? []).Select(variable => variable!["valueFrom"]?["secretKeyRef"]).Where(found => found is not null)
            .Concat(rendered.Of("TriggerAuthentication").SelectMany(found => found["spec"]!["secretTargetRef"]!.AsArray()));
        foreach (var reference in references)
        {
            var (name, key) = ((string)reference!["name"]!, (string)reference["key"]!);
            var keys = overlay == "local" && (bool?)reference["optional"] != true ? written[name] : made.GetValueOrDefault(name) ?? written.GetValueOrDefault(name) ?? [];
            if ((bool?)reference["optional"] != true || overlay != "local")
                Assert.Contains(key, keys);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Ports_and_volumes_that_are_referred_to_exist(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        foreach (var deployment in rendered.Deployments)
        {
            var ports = Overlay.ContainersOf(deployment).SelectMany(container => container["ports"]?.AsArray() ?? []).Select(port => (string)port!["name"]!).ToArray();
            var volumes = Overlay.PodOf(deployment)["volumes"]!.AsArray().Select(volume => (string)volume!["name"]!).ToArray();
            foreach (var container in Overlay.ContainersOf(deployment))
            {
                Assert.All(container["volumeMounts"]!.AsArray(), mount => Assert.Contains((string)mount!["name"]!, volumes));
                foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
                    if (container[probe] is { } found)
                        Assert.Contains((string)(found["httpGet"] ?? found["tcpSocket"])!["port"]!, ports);
            }
            foreach (var service in rendered.Of("Service").Where(service => Overlay.Selects(new JsonObject { ["matchLabels"] = service["spec"]!["selector"]!.DeepClone() }, Overlay.LabelsOf(deployment))))
                Assert.All(service["spec"]!["ports"]!.AsArray(), port => Assert.Contains((string)port!["targetPort"]!, ports));
        }
        Assert.All(rendered.Of("Service"), service => Assert.Contains(
            rendered.Deployments, deployment => Overlay.Selects(new JsonObject { ["matchLabels"] = service["spec"]!["selector"]!.DeepClone() }, Overlay.LabelsOf(deployment))));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Nothing_comes_in_or_goes_out_but_what_a_policy_of_a_pod_names(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        var closed = rendered.The("NetworkPolicy", "default-deny")["spec"]!;
        Assert.Empty(closed["podSelector"]!.AsObject());
        Assert.Null(closed["ingress"]);
        Assert.Null(closed["egress"]);
        Assert.Equal("""["Ingress","Egress"]""", closed["policyTypes"]!.ToJsonString());
        string[] ours = ["sclip-dispatcher", "sclip-worker", "sclip-workbench"];
        foreach (var deployment in rendered.Deployments.Where(found => ours.Contains(Overlay.NameOf(found))))
        {
            var policies = rendered.Of("NetworkPolicy").Where(policy => Overlay.NameOf(policy) != "default-deny" && Overlay.Selects(policy["spec"]!["podSelector"]!, Overlay.LabelsOf(deployment))).ToArray();
            var open = policies.SelectMany(policy => policy["spec"]!["egress"]?.AsArray() ?? []).SelectMany(rule => rule!["ports"]!.AsArray()).Select(port => (int)port!["port"]!).ToHashSet();
            var name = Overlay.NameOf(deployment);
            int[] needed =
            [
                53, 443, 4317, 4318, .. name == "sclip-workbench" ? [] : new[] { 5671, 5672 }, .. overlay == "local" ? [10000] : Array.Empty<int>(),
                .. overlay == "local" && name == "sclip-dispatcher" ? [8082] : Array.Empty<int>(),
            ];
            Assert.Equal(needed.Order(), open.Order());
            Assert.Contains(policies, policy => policy["spec"]!["ingress"] is not null);
        }
    }

    [Fact]
    public async Task A_GPU_worker_gets_a_GPU_on_a_node_that_has_one_and_takes_nothing_else()
    {
        var rendered = await Overlay.RenderAsync("gpu");
        var pod = Overlay.PodOf(rendered.The("Deployment", "sclip-worker"));
        Assert.Equal("1", (string?)Worker(rendered)["resources"]!["limits"]!["nvidia.com/gpu"]);
        Assert.Contains(pod["tolerations"]!.AsArray(), toleration => (string?)toleration!["key"] == "nvidia.com/gpu");
        Assert.NotNull(pod["nodeSelector"]!["nvidia.com/gpu.present"]);
        Assert.Equal("cuda", ContainerEnvironment.Of(rendered, Worker(rendered), _ => "any")["SCLIP_WORKER__DEVICE"]);
        Assert.StartsWith("sclip/worker-cuda:", (string?)Worker(rendered)["image"], StringComparison.Ordinal);
    }

    private static JsonObject Worker(Overlay overlay) => Overlay.ContainersOf(overlay.The("Deployment", "sclip-worker")).Single(container => (string?)container["name"] == "worker");

    private static JsonNode? Variable(JsonObject container, string name) => container["env"]!.AsArray().SingleOrDefault(variable => (string?)variable!["name"] == name);
}
