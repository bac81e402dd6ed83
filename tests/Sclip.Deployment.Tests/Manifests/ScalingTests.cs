using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sclip.Hosting.Messaging;
using Sclip.Worker;

namespace Sclip.Deployment.Tests.Manifests;

/// <summary>That workers come and go with the queues, and that a shard in work is never cut off.</summary>
public partial class ScalingTests
{
    /// <summary>What the host and the bus may take after the grace: HostDefaults' margin.</summary>
    private const int StopMargin = 15;

    public static TheoryData<string> Overlays => [.. Overlay.Names];

    public static TheoryData<string> Scaled => ["cpu", "gpu"];

    [Theory]
    [MemberData(nameof(Scaled))]
    public async Task Workers_follow_both_queues_of_shards_down_to_none(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        var spec = rendered.The("ScaledObject", "sclip-worker")["spec"]!;
        Assert.Equal("sclip-worker", (string?)spec["scaleTargetRef"]!["name"]);
        Assert.Equal(0, (int)spec["minReplicaCount"]!);
        // KEDA says how many there are; a number of our own would be set again by every apply.
        Assert.Null(rendered.The("Deployment", "sclip-worker")["spec"]!["replicas"]);
        var triggers = spec["triggers"]!.AsArray().Select(trigger => trigger!.AsObject()).ToArray();
        Assert.Equal([ShardQueues.Bulk, ShardQueues.Urgent], triggers.Select(trigger => (string)trigger["metadata"]!["queueName"]!));
        Assert.All(triggers, trigger =>
        {
            Assert.Equal("rabbitmq", (string?)trigger["type"]);
            var metadata = trigger["metadata"]!;
            Assert.Equal("QueueLength", (string?)metadata["mode"]);
            // Only the management counts shards in work, and without them the last workers would be taken away at their work.
            Assert.Equal("http", (string?)metadata["protocol"]);
            Assert.Equal("false", (string?)metadata["excludeUnacknowledged"]);
            Assert.True(double.Parse((string)metadata["value"]!, CultureInfo.InvariantCulture) >= 1);
            Assert.NotNull(rendered.The("TriggerAuthentication", (string)trigger["authenticationRef"]!["name"]!));
        });
    }

    [Theory]
    [MemberData(nameof(Scaled))]
    public async Task KEDA_finds_the_broker_of_the_cluster_where_its_operator_puts_it_and_may_reach_it(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        var cluster = Overlay.NameOf(Assert.Single(rendered.Of("RabbitmqCluster")));
        Assert.All(rendered.The("ScaledObject", "sclip-worker")["spec"]!["triggers"]!.AsArray(), trigger => Assert.Equal($"http://{cluster}.sclip.svc:15672/", (string?)trigger!["metadata"]!["host"]));
        var references = rendered.The("TriggerAuthentication", "sclip-broker")["spec"]!["secretTargetRef"]!.AsArray();
        Assert.Equal(["username", "password"], references.Select(reference => (string)reference!["parameter"]!));
        Assert.All(references, reference => Assert.Equal($"{cluster}-default-user", (string?)reference!["name"]));
        foreach (var container in new[] { "sclip-worker", "sclip-dispatcher" }.Select(name => Overlay.PodOf(rendered.The("Deployment", name))["containers"]![0]!))
        {
            var broker = container["env"]!.AsArray().Single(variable => (string?)variable!["name"] == "SCLIP_BROKER__URI")!["valueFrom"]!["secretKeyRef"]!;
            Assert.Equal(($"{cluster}-default-user", "connection_string"), ((string?)broker["name"], (string?)broker["key"]));
        }
        var policy = rendered.The("NetworkPolicy", "rabbitmq")["spec"]!;
        Assert.True(Overlay.Selects(policy["podSelector"]!, new JsonObject { ["app.kubernetes.io/name"] = cluster }));
        Assert.Contains(policy["ingress"]!.AsArray(), rule => rule!["ports"]?.AsArray().Any(port => (int)port!["port"]! == 15672) == true
            && (string?)rule["from"]![0]!["namespaceSelector"]?["matchLabels"]!["kubernetes.io/metadata.name"] == "keda");
        Assert.Null(policy["ingress"]!.AsArray().FirstOrDefault(rule => rule!["from"] is null));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task A_worker_is_killed_only_after_the_time_it_takes_to_save_and_its_stop(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        var pod = Overlay.PodOf(rendered.The("Deployment", "sclip-worker"));
        var grace = int.Parse(Setting(rendered, "SCLIP_WORKER__GRACESECONDS") ?? Text(new WorkerOptions().GraceSeconds), CultureInfo.InvariantCulture);
        Assert.True((int)pod["terminationGracePeriodSeconds"]! >= grace + StopMargin + 30, $"{pod["terminationGracePeriodSeconds"]} s, and the worker takes up to {grace + StopMargin}");
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task A_shard_goes_back_into_the_queue_well_before_the_broker_takes_it_away(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        var hold = int.Parse(Setting(rendered, "SCLIP_WORKER__HOLDSECONDS") ?? Text(new WorkerOptions().HoldSeconds), CultureInfo.InvariantCulture);
        var configured = rendered.Of("RabbitmqCluster").Select(cluster => ConsumerTimeout().Match((string)cluster["spec"]!["rabbitmq"]!["additionalConfig"]!)).ToArray();
        Assert.All(configured, match => Assert.True(match.Success));
        // RabbitMQ's own is 30 minutes.
        var timeout = configured.Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / 1000).DefaultIfEmpty(1800).Single();
        Assert.True(2 * hold <= timeout, $"held for {hold} s, taken away after {timeout}");
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task A_worker_that_computes_on_all_its_threads_is_not_taken_for_dead(string overlay)
    {
        var probe = Overlay.PodOf((await Overlay.RenderAsync(overlay)).The("Deployment", "sclip-worker"))["containers"]![0]!["livenessProbe"]!;
        Assert.True((int)probe["timeoutSeconds"]! >= 10);
        Assert.True((int)probe["periodSeconds"]! * (int)probe["failureThreshold"]! >= 120);
        // Whether it has a model and a store is no matter of life; whether it has had no consumer for five minutes is.
        Assert.Equal("/healthz/live", (string?)probe["httpGet"]!["path"]);
    }

    private static string? Setting(Overlay overlay, string key) => overlay.Of("ConfigMap").Select(map => (string?)map["data"]![key]).SingleOrDefault(value => value is not null);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^consumer_timeout = (\d+)$", RegexOptions.Multiline)]
    private static partial Regex ConsumerTimeout();
}
