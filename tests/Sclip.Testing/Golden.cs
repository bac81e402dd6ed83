using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Labels;

namespace Sclip.Testing;

/// <summary>
/// The golden vectors: the folder named by SCLIP_GOLDEN, else ../shared/golden beside the repository, else the part kept in
/// tests/golden. Everything is found through its manifest, so any folder of the same form will do.
/// </summary>
public static class Golden
{
    public static string Folder { get; } = Find();

    public static JsonNode Manifest { get; } = JsonNode.Parse(File.ReadAllText(PathOf("manifest.json")))!;

    public static string PathOf(string relative) => Path.Combine(Folder, relative);

    public static (float[] Values, int[] Shape) Floats(JsonNode? relative) => Npy.ReadSingle(PathOf(relative!.GetValue<string>()));

    public static (byte[] Values, int[] Shape) Bytes(JsonNode? relative) => Npy.ReadByte(PathOf(relative!.GetValue<string>()));

    public static string ModelDirectory(string model) => FurtherModels.ContainsKey(model) ? Path.Combine(Further, "models", Path.GetFileName(model)) : PathOf($"models/{model}");

    /// <summary>The names of the models that the manifest lists.</summary>
    public static IEnumerable<string> Models => Manifest["models"]!.AsObject().Select(model => model.Key);

    /// <summary>The same, and those of the manifest of further CLIPs, which has fewer parts, in the set of <see cref="GoldenSet.Trained"/>.</summary>
    public static IEnumerable<string> AllModels => [.. Models, .. FurtherModels.Keys];

    /// <summary>What there is of one of <see cref="AllModels"/>.</summary>
    public static JsonNode Model(string name) => Manifest["models"]![name] ?? FurtherModels[name];

    public static int[] Ints(JsonNode? node) => node!.AsArray().Select(value => value!.GetValue<int>()).ToArray();

    public static string[] Strings(JsonNode? node) => node!.AsArray().Select(value => value!.GetValue<string>()).ToArray();

    private static string Further => GoldenSet.Trained.PathOf("clip");

    private static Dictionary<string, JsonNode> FurtherModels { get; } = File.Exists(Path.Combine(Further, "manifest.json"))
        ? JsonNode.Parse(File.ReadAllText(Path.Combine(Further, "manifest.json")))!["models"]!.AsObject().ToDictionary(model => $"clip/{model.Key}", model => Rooted(model.Value!.DeepClone()))
        : [];

    /// <summary>The node with the files that it names by their whole paths, since it belongs to another folder.</summary>
    private static JsonNode Rooted(JsonNode node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, value) in map.ToArray())
                    map[key] = value is null ? null : Rooted(value.DeepClone());
                return map;
            case JsonArray list:
                return new JsonArray([.. list.Select(value => value is null ? null : Rooted(value.DeepClone()))]);
            default:
                return node.GetValueKind() == JsonValueKind.String && Path.Combine(Further, node.GetValue<string>()) is var path && File.Exists(path) ? JsonValue.Create(path) : node;
        }
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("SCLIP_GOLDEN") is { Length: > 0 } named)
            return Path.GetFullPath(named);
        var shared = Path.Combine(Repository.Root, "..", "shared", "golden");
        return Path.GetFullPath(File.Exists(Path.Combine(shared, "manifest.json")) ? shared : Path.Combine(Repository.Root, "tests", "golden"));
    }
}
