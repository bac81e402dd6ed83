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

    public static string ModelDirectory(string model) => PathOf($"models/{model}");

    /// <summary>The names of the models that the manifest lists.</summary>
    public static IEnumerable<string> Models => Manifest["models"]!.AsObject().Select(model => model.Key);

    public static int[] Ints(JsonNode? node) => node!.AsArray().Select(value => value!.GetValue<int>()).ToArray();

    public static string[] Strings(JsonNode? node) => node!.AsArray().Select(value => value!.GetValue<string>()).ToArray();

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("SCLIP_GOLDEN") is { Length: > 0 } named)
            return Path.GetFullPath(named);
        var shared = Path.Combine(Repository.Root, "..", "shared", "golden");
        return Path.GetFullPath(File.Exists(Path.Combine(shared, "manifest.json")) ? shared : Path.Combine(Repository.Root, "tests", "golden"));
    }
}
