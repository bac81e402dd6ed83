using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Compose;

/// <summary><c>compose.yaml</c> as an engine reads it: merged, and with variables in their defaults.</summary>
internal static partial class ComposeFile
{
    /// <summary>The whole file.</summary>
    public static JsonObject Read(Func<string, string?>? variables = null)
    {
        var merged = Merged(Yaml.Read(File.ReadAllText(Path.Combine(Repository.Root, "compose.yaml")))[0])!.AsObject();
        return JsonNode.Parse(Interpolated(merged.ToJsonString(), variables ?? (_ => null)))!.AsObject();
    }

    /// <summary>Its services by their names.</summary>
    public static Dictionary<string, JsonObject> Services(Func<string, string?>? variables = null) =>
        Read(variables)["services"]!.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.AsObject());

    /// <summary>The services whose image is built here.</summary>
    public static Dictionary<string, JsonObject> OwnServices() => Services().Where(service => service.Value["build"] is not null).ToDictionary();

    /// <summary>The variables of a service that have a value.</summary>
    public static Dictionary<string, string> Environment(JsonObject service) =>
        (service["environment"]?.AsObject() ?? []).Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => (string)pair.Value!);

    /// <summary>The strings of a list; none where there is no list.</summary>
    public static string[] Strings(JsonNode? list) => [.. (list?.AsArray() ?? []).Select(text => (string)text!)];

    /// <summary>What is mounted where: volumes and files of a service.</summary>
    public static IEnumerable<(string Source, string Target, bool ReadOnly)> Mounts(JsonObject service) =>
        Strings(service["volumes"]).Select(volume => volume.Split(':')).Select(parts => (parts[0], parts[1], parts.Length > 2 && parts[2] == "ro"));

    // What a node has itself wins over what it takes from another, and the earlier of these over the later.
    private static JsonNode? Merged(JsonNode? node)
    {
        if (node is JsonArray list)
            return new JsonArray([.. list.Select(Merged)]);
        if (node is not JsonObject map)
            return node?.DeepClone();
        var merged = new JsonObject(map.Where(pair => pair.Key != "<<").Select(pair => KeyValuePair.Create(pair.Key, Merged(pair.Value))));
        foreach (var taken in map["<<"] switch { null => [], JsonArray several => several.ToArray(), var one => [one] })
            foreach (var (key, value) in Merged(taken)!.AsObject())
                if (!merged.ContainsKey(key))
                    merged[key] = value?.DeepClone();
        return merged;
    }

    private static string Interpolated(string text, Func<string, string?> variables) => Variable().Replace(text, match => match.Groups["name"] is { Success: true, Value: var name }
        ? variables(name) is { Length: > 0 } value ? value : match.Groups["default"].Value
        : match.Value == "$$" ? "$" : throw new InvalidOperationException($"compose.yaml: what is {match.Value}?"));

    [GeneratedRegex(@"\$(\$|\{(?<name>[A-Z_]+):-(?<default>[^}]*)\}|.)")]
    private static partial Regex Variable();
}
