using System.Globalization;
using System.Text.Json.Nodes;
using Sclip.Deployment.Tests.Manifests;

namespace Sclip.Deployment.Tests.Services;

/// <summary>The environment that a cluster would give a container.</summary>
internal static class ContainerEnvironment
{
    /// <summary>The containers of ours: those with an image of the Dockerfile.</summary>
    public static IEnumerable<JsonObject> OwnContainers(Overlay overlay) =>
        overlay.Deployments.SelectMany(Overlay.ContainersOf).Where(container => ((string)container["image"]!).StartsWith("sclip/", StringComparison.Ordinal));

    /// <summary>A container of ours.</summary>
    public static JsonObject Container(Overlay overlay, string name) => OwnContainers(overlay).Single(container => (string?)container["name"] == name);

    /// <summary>Its variables; later ones win, as in a cluster.</summary>
    /// <param name="overlay">Where the settings are.</param>
    /// <param name="container">The container.</param>
    /// <param name="secret">The value of a secret's key; null where there is none.</param>
    public static Dictionary<string, string> Of(Overlay overlay, JsonObject container, Func<string, string?> secret)
    {
        var variables = new Dictionary<string, string>();
        foreach (var source in container["envFrom"]?.AsArray() ?? [])
            foreach (var (key, value) in overlay.The("ConfigMap", (string)source!["configMapRef"]!["name"]!)["data"]!.AsObject())
                variables[key] = (string)value!;
        foreach (var variable in container["env"]?.AsArray() ?? [])
            if (Value(container, variable!.AsObject(), secret) is { } value)
                variables[(string)variable["name"]!] = value;
        return variables;
    }

    private static string? Value(JsonObject container, JsonObject variable, Func<string, string?> secret)
    {
        if (variable["valueFrom"] is not { } source)
            return (string)variable["value"]!;
        if (source["secretKeyRef"] is { } reference)
            return secret((string)reference["key"]!) ?? ((bool?)reference["optional"] == true ? null : throw new InvalidOperationException($"There is no value for {reference.ToJsonString()}."));
        // Whole CPUs, rounded up, as the kubelet gives them.
        Assert.Equal("limits.cpu", (string?)source["resourceFieldRef"]!["resource"]);
        var limit = (string)container["resources"]!["limits"]!["cpu"]!;
        return limit.EndsWith('m') ? ((int.Parse(limit[..^1], CultureInfo.InvariantCulture) + 999) / 1000).ToString(CultureInfo.InvariantCulture) : limit;
    }
}
