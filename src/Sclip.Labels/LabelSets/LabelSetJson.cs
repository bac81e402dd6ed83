using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>
/// The JSON form of a label set: <c>[{"name": "cat", "synonyms": ["kitten"], "color": "#ff0000", "background": true}, …]</c>, bare or as
/// <c>{"classes": […]}</c>.
/// </summary>
internal static class LabelSetJson
{
    public static List<(LabelClass Class, string Place)> Parse(string json, string source)
    {
        using var document = LabelFiles.ParseJson(json, source);
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object)
        {
            if (root.EnumerateObject().FirstOrDefault(item => item.Name != "classes") is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
                throw new LabelSetException($"{source}: unknown key '{unknown.Name}'; there is 'classes' alone.");
            root = root.TryGetProperty("classes", out var classes) ? classes : throw new LabelSetException($"{source}: 'classes' is missing.");
        }
        if (root.ValueKind != JsonValueKind.Array)
            throw new LabelSetException($"{source}: must be an array of classes, or an object with 'classes'.");
        var parsed = new List<(LabelClass, string)>();
        foreach (var element in root.EnumerateArray())
        {
            var place = $"element {parsed.Count + 1}";
            parsed.Add((ParseClass(element, $"{source}, {place}"), place));
        }
        return parsed;
    }

    private static LabelClass ParseClass(JsonElement element, string where)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new LabelSetException($"{where}: must be an object with a 'name'.");
        if (!element.TryGetProperty("name", out _))
            throw new LabelSetException($"{where}: 'name' is missing.");
        var label = new LabelClass { Name = "" };
        foreach (var item in element.EnumerateObject())
        {
            label = item.Name switch
            {
                "name" => label with { Name = Text(item.Value, $"{where}, name") },
                "synonyms" => label with { Synonyms = Texts(item.Value, $"{where}, synonyms") },
                "color" => label with { Color = Color(item.Value, $"{where}, color") },
                "background" => label with
                {
                    Background = item.Value.ValueKind is JsonValueKind.True or JsonValueKind.False
                        ? item.Value.GetBoolean()
                        : throw new LabelSetException($"{where}, background: must be true or false."),
                },
                _ => throw new LabelSetException($"{where}: unknown key '{item.Name}'; there are name, synonyms, color and background."),
            };
        }
        return label;
    }

    private static string Text(JsonElement value, string where)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new LabelSetException($"{where}: must be a text.");
        }
        catch (InvalidOperationException error)
        {
            // An escaped half of a surrogate pair is valid JSON but no text.
            throw new LabelSetException($"{where}: is not valid Unicode.", error);
        }
    }

    private static string[] Texts(JsonElement value, string where) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(item => Text(item, where))]
        : throw new LabelSetException($"{where}: must be an array of texts.");

    private static RgbColor Color(JsonElement value, string where) => RgbColor.TryParse(Text(value, where), out var color)
        ? color
        : throw new LabelSetException($"{where}: '{value.GetString()}' must be a colour such as #ff8000.");
}
