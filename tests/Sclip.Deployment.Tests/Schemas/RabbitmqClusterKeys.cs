using System.Text.Json.Nodes;

namespace Sclip.Deployment.Tests.Schemas;

/// <summary>
/// The fields of a RabbitmqCluster (rabbitmq.com/v1beta1) that are used here, as the operator's CustomResourceDefinition has them: no npm package
/// carries its schema. What stands in <c>affinity</c> and <c>resources</c> are Kubernetes' own types.
/// </summary>
internal static class RabbitmqClusterKeys
{
    private static readonly string[] Spec =
    [
        "affinity", "autoEnableAllFeatureFlags", "delayStartSeconds", "image", "imagePullSecrets", "override", "persistence", "rabbitmq", "replicas", "resources", "secretBackend", "service",
        "skipPostDeploySteps", "terminationGracePeriodSeconds", "tls", "tolerations",
    ];

    private static readonly string[] Configuration = ["additionalConfig", "additionalPlugins", "advancedConfig", "envConfig", "erlangInetConfig"];

    private static readonly string[] Persistence = ["emptyDir", "storage", "storageClassName"];

    /// <summary>The fields that there are not, and those of another type than theirs.</summary>
    public static IEnumerable<string> Problems(JsonObject cluster)
    {
        var spec = cluster["spec"]!.AsObject();
        foreach (var (part, path, known) in new[] { (cluster, "", ["apiVersion", "kind", "metadata", "spec"]), (spec, "/spec", Spec), (spec["rabbitmq"]!.AsObject(), "/spec/rabbitmq", Configuration), (spec["persistence"]!.AsObject(), "/spec/persistence", Persistence) })
            foreach (var (key, _) in part)
                if (!known.Contains(key))
                    yield return $"{path}/{key}: unknown field";
        foreach (var number in new[] { "replicas", "terminationGracePeriodSeconds", "delayStartSeconds" })
            if (spec[number] is { } value && !(value.GetValueKind() == System.Text.Json.JsonValueKind.Number))
                yield return $"/spec/{number}: no number";
    }

    /// <summary>Its parts that are Kubernetes' own types, as a pod that can be held against a schema.</summary>
    public static JsonObject Pod(JsonObject cluster) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = cluster["metadata"]!.DeepClone(),
        ["spec"] = new JsonObject
        {
            ["affinity"] = cluster["spec"]!["affinity"]!.DeepClone(),
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "rabbitmq", ["resources"] = cluster["spec"]!["resources"]!.DeepClone() }),
        },
    };
}
