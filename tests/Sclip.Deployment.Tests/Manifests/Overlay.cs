using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Manifests;

/// <summary>What <c>kubectl kustomize</c> makes of an overlay.</summary>
internal sealed class Overlay
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Overlay>>> Rendered = new();

    private Overlay(string name, JsonObject[] objects) => (Name, Objects) = (name, objects);

    /// <summary>All overlays, by the folders there are.</summary>
    public static IEnumerable<string> Names { get; } = [.. Directory.GetDirectories(Path.Combine(Folder, "overlays")).Select(path => Path.GetFileName(path)!).Order()];

    /// <summary>The folder of manifests.</summary>
    public static string Folder => Path.Combine(Repository.Root, "k8s");

    public string Name { get; }

    public IReadOnlyList<JsonObject> Objects { get; }

    /// <summary>The deployments, which hold all pods that are written here.</summary>
    public IEnumerable<JsonObject> Deployments => Of("Deployment");

    /// <summary>Renders an overlay, once.</summary>
    public static Task<Overlay> RenderAsync(string name) => Rendered.GetOrAdd(name, _ => new(() => RunAsync(name))).Value;

    /// <summary>Copies; tests may change them.</summary>
    public IEnumerable<JsonObject> Of(string kind) => Objects.Where(found => (string?)found["kind"] == kind).Select(found => found.DeepClone().AsObject());

    public JsonObject The(string kind, string name) => Of(kind).Single(found => NameOf(found) == name);

    public static string NameOf(JsonObject found) => (string)found["metadata"]!["name"]!;

    /// <summary>The pod of a deployment.</summary>
    public static JsonObject PodOf(JsonObject deployment) => deployment["spec"]!["template"]!["spec"]!.AsObject();

    /// <summary>The labels of a deployment's pod.</summary>
    public static JsonObject LabelsOf(JsonObject deployment) => deployment["spec"]!["template"]!["metadata"]!["labels"]!.AsObject();

    /// <summary>All containers of a deployment, those that run first included.</summary>
    public static IEnumerable<JsonObject> ContainersOf(JsonObject deployment) =>
        new[] { "initContainers", "containers" }.SelectMany(kind => PodOf(deployment)[kind]?.AsArray() ?? []).Select(container => container!.AsObject());

    /// <summary>Whether a label selector takes a pod of these labels.</summary>
    public static bool Selects(JsonNode selector, JsonObject labels)
    {
        foreach (var (key, value) in selector["matchLabels"]?.AsObject() ?? [])
            if ((string?)labels[key] != (string?)value)
                return false;
        foreach (var expression in selector["matchExpressions"]?.AsArray() ?? [])
            if ((string?)expression!["operator"] != "In" || !expression["values"]!.AsArray().Any(value => (string?)value == (string?)labels[(string)expression["key"]!]))
                return false;
        return true;
    }

    /// <summary>The objects that a folder with a kustomization renders to.</summary>
    public static async Task<JsonObject[]> KustomizeAsync(string folder)
    {
        var program = Environment.GetEnvironmentVariable("SCLIP_KUBECTL") is { Length: > 0 } named ? named : "kubectl";
        var (code, output, error) = await Command.RunAsync(program, ["kustomize", folder]);
        Assert.True(code == 0, $"kubectl kustomize {folder}: {error}");
        // Warnings are of what a later version of it refuses.
        Assert.Equal("", error);
        return Yaml.Read(output);
    }

    private static async Task<Overlay> RunAsync(string name) => new(name, await KustomizeAsync(Path.Combine(Folder, "overlays", name)));
}
