using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>
/// The JSON form of a label set: <c>[{"name": "cat", "synonyms": ["kitten"], "color": "#ff0000", "background": true}, …]</c>, bare or as
/// <c>{"classes": […]}</c>.
/// </summary>
internal static class LabelSetJson
{
    /// <exception cref="LabelSetException">An element is no class.</exception>
    public static LabelDraft Of(JsonElement[] elements, string source)
    {
        var draft = new LabelDraft("Sclip's JSON");
        foreach (var (i, element) in elements.Index())
            draft.Add(ParseClass(element, $"{source}, element {i + 1}"), $"element {i + 1}");
        return draft;
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
                "name" => label with { Name = JsonText.Of(item.Value, $"{where}, name") },
                "synonyms" => label with { Synonyms = Texts(item.Value, $"{where}, synonyms") },
                "color" => label with { Color = JsonColor.In(element, where) },
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

    private static string[] Texts(JsonElement value, string where) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(item => JsonText.Of(item, where))]
        : throw new LabelSetException($"{where}: must be an array of texts.");
}
