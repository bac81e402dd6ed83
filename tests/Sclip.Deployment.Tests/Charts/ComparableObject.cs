using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sclip.Deployment.Tests.Manifests;

namespace Sclip.Deployment.Tests.Charts;

/// <summary>
/// An object without what kustomize and Helm do each in their way. Settings that change replace the pods: kustomize does that by a hash in the name of their map,
/// Helm by one in an annotation of the pods. Both order lists of named things as they like, and break long lines.
/// </summary>
internal static partial class ComparableObject
{
    /// <summary>Kind and name, and all of the object in one text with its keys in order.</summary>
    public static (string Name, string Text) Of(JsonObject found) => ($"{found["kind"]} {WithoutHash().Replace(Overlay.NameOf(found), "$1")}", Comparable(found)!.ToJsonString(new() { WriteIndented = true }));

    private static JsonNode? Comparable(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Where(pair => pair.Key != "checksum/config").OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, pair.Key switch
        {
            "expr" or "description" or "summary" => JsonValue.Create(Blanks().Replace((string)pair.Value!, " ")),
            "data" => Data(pair.Value!.AsObject()),
            _ => Comparable(pair.Value),
        }))),
        JsonArray list when list.All(item => item is JsonObject { } named && named.ContainsKey("name")) => new JsonArray([.. list.OrderBy(item => (string)item!["name"]!, StringComparer.Ordinal).Select(Comparable)]),
        JsonArray list when list.All(item => item is JsonObject) => new JsonArray([.. list.Select(Comparable).OrderBy(item => item!.ToJsonString(), StringComparer.Ordinal)]),
        JsonArray list => new JsonArray([.. list.Select(Comparable)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(WithoutHash().Replace(text, "$1")),
        _ => node?.DeepClone(),
    };

    // Base64 in several lines is the same; and so a file.
    private static JsonObject Data(JsonObject data) =>
        new(data.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(Blanks().Replace((string)pair.Value!, "")))));

    [GeneratedRegex("^(sclip-(?:store|broker|api|workbench|(?:[a-z]+-)?config))-[a-z0-9]{10}$")]
    private static partial Regex WithoutHash();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
