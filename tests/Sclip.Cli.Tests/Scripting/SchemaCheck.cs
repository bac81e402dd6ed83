using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Scripting;

/// <summary>Holds output against docs/schemas, strictly: what no schema tells of is wrong, too. Knows the words of JSON Schema that those use, and no others.</summary>
internal static class SchemaCheck
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "schemas");
    private static readonly string[] Known = ["$schema", "title", "description", "type", "properties", "required", "items", "additionalProperties", "enum", "minimum", "maximum", "format", "$ref"];

    /// <summary>Requires that a text is one line of JSON as a schema has it.</summary>
    public static JsonObject Line(string schema, string output)
    {
        Assert.Single(output.TrimEnd('\n').Split('\n'));
        var document = JsonNode.Parse(output)!.AsObject();
        Assert.Empty(Problems(schema, document));
        return document;
    }

    /// <summary>What is wrong with a document.</summary>
    public static string[] Problems(string schema, JsonNode document) => [.. Problems(Read($"{schema}.schema.json"), document, "")];

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!.AsObject();

    private static IEnumerable<string> Problems(JsonObject schema, JsonNode? value, string place)
    {
        Assert.Empty(schema.Select(item => item.Key).Except(Known));
        if (schema["$ref"] is { } other)
            return Problems(Read((string)other!), value, place);
        return (string)schema["type"]! switch
        {
            "object" when value is JsonObject found => OfObject(schema, found, place),
            "array" when value is JsonArray found => found.SelectMany((item, i) => Problems(schema["items"]!.AsObject(), item, $"{place}/{i}")),
            "string" when value?.GetValueKind() == JsonValueKind.String => OfText(schema, (string)value!, place),
            "boolean" when value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False => [],
            "integer" when value?.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => OfNumber(schema, number, place),
            "number" when value?.GetValueKind() == JsonValueKind.Number => OfNumber(schema, value.GetValue<double>(), place),
            var type => [$"{place}: no {type}"],
        };
    }

    private static IEnumerable<string> OfObject(JsonObject schema, JsonObject found, string place)
    {
        var properties = schema["properties"]?.AsObject();
        foreach (var name in schema["required"]?.AsArray().Select(name => (string)name!) ?? [])
            if (!found.ContainsKey(name))
                yield return $"{place}/{name}: missing";
        foreach (var (name, value) in found)
            if ((properties?[name] ?? schema["additionalProperties"]) is not JsonObject known)
                yield return $"{place}/{name}: not described";
            else
                foreach (var problem in Problems(known, value, $"{place}/{name}"))
                    yield return problem;
    }

    private static IEnumerable<string> OfText(JsonObject schema, string text, string place)
    {
        if (schema["enum"]?.AsArray().All(item => (string)item! != text) == true)
            yield return $"{place}: '{text}' is none";
        if ((string?)schema["format"] == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
            yield return $"{place}: '{text}' is no time";
    }

    private static IEnumerable<string> OfNumber(JsonObject schema, double number, string place)
    {
        if (number < (schema["minimum"]?.GetValue<double>() ?? double.MinValue) || number > (schema["maximum"]?.GetValue<double>() ?? double.MaxValue))
            yield return $"{place}: {number} is out of range";
    }
}
