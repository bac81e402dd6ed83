using System.Text.Json.Nodes;
using Sclip.Deployment.Tests.Manifests;

namespace Sclip.Deployment.Tests.Schemas;

public class SchemaTests
{
    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_object_is_what_its_schema_says_and_has_no_other_field(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        var clusters = rendered.Of("RabbitmqCluster").ToArray();
        Assert.All(clusters, cluster => Assert.Empty(RabbitmqClusterKeys.Problems(cluster)));
        JsonObject[] others = [.. rendered.Objects.Where(found => (string?)found["kind"] != "RabbitmqCluster").Select(found => found.DeepClone().AsObject()), .. clusters.Select(RabbitmqClusterKeys.Pod)];
        // Long values are broken into lines, which readers of base64 skip.
        foreach (var data in others.Where(found => (string?)found["kind"] == "Secret").Select(secret => secret["data"]!.AsObject()))
            foreach (var (key, value) in data.ToArray())
                data[key] = ((string)value!).ReplaceLineEndings("");
        var problems = await SchemaCheck.ProblemsAsync(others);
        Assert.Equal(others.Length, problems.Length);
        Assert.All(others.Zip(problems), pair => Assert.True(pair.Second.Length == 0, $"{pair.First["kind"]} {Overlay.NameOf(pair.First)}: {string.Join("; ", pair.Second)}"));
    }

    [Fact]
    public void There_is_an_overlay_for_one_machine_for_CPUs_and_for_GPUs() => Assert.Equal(["cpu", "gpu", "local"], Overlay.Names);

    [Theory]
    [InlineData("Deployment", "spec/template/spec/terminationGracePeriodSecond", "300", "unknown field")]
    [InlineData("Deployment", "spec/template/spec/containers/0/livenessProbe/httpGet/scheem", "\"HTTP\"", "unknown field")]
    [InlineData("Deployment", "spec/template/spec/containers/0/env/0/valueFrom", "{\"secretKeyRf\":{\"name\":\"a\",\"key\":\"b\"}}", "unknown field")]
    [InlineData("Deployment", "spec/template/spec/containers/0/ports/0/containerPort", "\"8080\"", "type")]
    [InlineData("Deployment", "spec/selector", null, "required")]
    [InlineData("ScaledObject", "spec/minReplicas", "0", "unknown field")]
    [InlineData("ScaledObject", "spec/triggers/0/metdata", "{}", "unknown field")]
    [InlineData("ScaledObject", "spec/triggers/0/metadata/value", "2", "type")]
    [InlineData("ScaledObject", "spec/advanced/horizontalPodAutoscalerConfig/behavior/scaleDown/policies/0/periodSecond", "60", "unknown field")]
    [InlineData("TriggerAuthentication", "spec/secretTargetRef/0/parmeter", "\"host\"", "unknown field")]
    [InlineData("NetworkPolicy", "spec/ingres", "[]", "unknown field")]
    [InlineData("PodDisruptionBudget", "spec/maxUnvailable", "1", "unknown field")]
    [InlineData("PodMonitor", "spec/podMetricsEndpoints/0/intervall", "\"15s\"", "unknown field")]
    [InlineData("PrometheusRule", "spec/groups/0/rules/0/labls", "{}", "unknown field")]
    [InlineData("RabbitmqCluster", "spec/replica", "3", "unknown field")]
    [InlineData("RabbitmqCluster", "spec/rabbitmq/additionalConf", "\"\"", "unknown field")]
    [InlineData("RabbitmqCluster", "spec/affinity/podAntiAffinity/preferred", "[]", "unknown field")]
    public async Task A_field_that_is_mistyped_missing_or_of_another_type_is_found(string kind, string path, string? json, string expected)
    {
        var changed = (await Overlay.RenderAsync("cpu")).Of(kind).First();
        var keys = path.Split('/');
        JsonNode parent = changed;
        foreach (var key in keys[..^1])
            parent = (parent is JsonArray list ? list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)] : parent[key])!;
        if (json is null)
            Assert.True(parent.AsObject().Remove(keys[^1]));
        else
            parent[keys[^1]] = JsonNode.Parse(json);
        string[] problems = kind == "RabbitmqCluster"
            ? [.. RabbitmqClusterKeys.Problems(changed), .. (await SchemaCheck.ProblemsAsync([RabbitmqClusterKeys.Pod(changed)]))[0]]
            : (await SchemaCheck.ProblemsAsync([changed]))[0];
        Assert.Contains(problems, problem => problem.Contains(expected, StringComparison.Ordinal) && problem.Contains(json is null ? keys[0] : keys[^1], StringComparison.Ordinal));
    }
}
