using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sclip.Deployment.Tests.Manifests;

/// <summary>YAML as JSON, by the types that Kubernetes sees: what is quoted is text.</summary>
internal static class Yaml
{
    /// <summary>The documents of a text.</summary>
    public static JsonObject[] Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        // Written and read again, a number is read as whichever type is asked for.
        return [.. stream.Documents.Select(document => JsonNode.Parse(Json(document.RootNode)!.ToJsonString())!.AsObject())];
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Json(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: var plain } => Plain(plain),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    private static JsonValue? Plain(string? text) => text switch
    {
        null or "" or "null" or "~" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
