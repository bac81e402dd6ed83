using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Segmentation;

/// <summary>
/// Label sets as JSON: an array, or an object with <c>classes</c>, of
/// <c>{"name": "dog", "synonyms": ["puppy"], "color": "#400080", "background": false}</c>.
/// </summary>
internal static class LabelSetJson
{
    public static LabelSet Parse(string path, string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException error)
        {
            throw new LabelSetException($"{path}: not valid JSON: {error.Message}", error);
        }
        using var _ = document;
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Select(item => item.Name).SequenceEqual(["classes"]))
            root = root.GetProperty("classes");
        if (root.ValueKind != JsonValueKind.Array)
            throw new LabelSetException($"{path}: must be an array of classes, or an object with 'classes' alone.");
        return LabelSet.Of([.. root.EnumerateArray().Select((item, i) => ParseClass($"{path}: class {i + 1}", item))], path);
    }

    private static LabelClass ParseClass(string place, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new LabelSetException($"{place} must be an object with a name.");
        var parsed = new LabelClass { Name = "" };
        foreach (var item in element.EnumerateObject())
            parsed = (item.Name, item.Value.ValueKind) switch
            {
                ("name", JsonValueKind.String) => parsed with { Name = item.Value.GetString()! },
                ("synonyms", JsonValueKind.Array) when item.Value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String) =>
                    parsed with { Synonyms = [.. item.Value.EnumerateArray().Select(name => name.GetString()!)] },
                ("color", JsonValueKind.String) => RgbColor.TryParse(item.Value.GetString(), out var color)
                    ? parsed with { Color = color }
                    : throw new LabelSetException($"{place}: color '{item.Value.GetString()}' must look like #1f77b4."),
                ("background", JsonValueKind.True or JsonValueKind.False) => parsed with { Background = item.Value.GetBoolean() },
                ("name" or "synonyms" or "color" or "background", _) => throw new LabelSetException($"{place}: {item.Name} cannot be {item.Value.GetRawText()}."),
                _ => throw new LabelSetException($"{place}: unknown key '{item.Name}'; there are name, synonyms, color and background."),
            };
        return parsed;
    }
}
