using System.Text.Json;
using System.Text.RegularExpressions;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>Tells the forms in JSON apart: ours, an array of names, Hugging Face's <c>id2label</c>, COCO's <c>categories</c>, CVAT's labels, Mapillary's, a map from ids or to them.</summary>
internal static partial class JsonLabels
{
    private const string Id2Label = "Hugging Face id2label";
    private const string MapFromIds = "JSON map from ids";

    private static readonly string[] CvatKeys = ["attributes", "type", "sublabels", "has_parent", "parent_id"];
    private static readonly string[] CocoKeys = ["id", "supercategory", "isthing", "keypoints"];

    /// <exception cref="LabelSetException">It is none of them.</exception>
    public static LabelDraft Parse(string json, string source)
    {
        using var document = TextFile.ParseJson(json, source);
        return Of(document.RootElement, source);
    }

    /// <exception cref="LabelSetException">It is none of them.</exception>
    public static LabelDraft Of(JsonElement root, string source) => root.ValueKind switch
    {
        JsonValueKind.Array => OfArray(root, source),
        JsonValueKind.Object => OfObject(root, source),
        _ => throw new LabelSetException($"{source}: must be an array of classes, or an object with 'classes'."),
    };

    private static LabelDraft OfArray(JsonElement array, string source)
    {
        var elements = array.EnumerateArray().ToArray();
        if (elements.Length > 0 && elements[0].ValueKind == JsonValueKind.String)
        {
            var draft = new LabelDraft("JSON array of names");
            foreach (var (i, element) in elements.Index())
                draft.Add(new LabelClass { Name = JsonText.Of(element, $"{source}, element {i + 1}") }, $"element {i + 1}");
            return draft;
        }
        if (elements.Any(MapillaryLabels.Is))
            return MapillaryLabels.Of(elements, source);
        if (elements.Any(element => Has(element, CvatKeys)))
            return CvatLabels.Of(elements, source);
        return elements.Any(element => Has(element, CocoKeys)) ? CocoLabels.Of(elements, source) : LabelSetJson.Of(elements, source);
    }

    private static LabelDraft OfObject(JsonElement root, string source)
    {
        var keys = root.EnumerateObject().Select(item => item.Name).ToArray();
        if (keys.Length > 0 && root.EnumerateObject().All(item => Ids.Of(item.Name) is not null && (item.Value.ValueKind == JsonValueKind.String || IsPair(item.Value))))
            return FromIds(root, MapFromIds, source);
        if (keys.Length > 0 && IsCounted([.. root.EnumerateObject().Select(item => item.Value)]))
            return ToIds(root, source);
        if (keys.Length > 0 && root.EnumerateObject().All(item => IsColor(item.Value)))
            return new LabelDraft("JSON map to colours")
            {
                Classes = [.. root.EnumerateObject().Select(item => (new LabelClass { Name = item.Name, Color = ColorText.Parse(item.Value.ToString(), $"{source}, '{item.Name}'") }, $"'{item.Name}'"))],
            };
        var known = new (string Key, Func<JsonElement, LabelDraft> Read)[]
        {
            ("classes", value => OfListOrMap(value, "classes", source)),
            ("id2label", value => value.ValueKind == JsonValueKind.Array ? OfArray(value, $"{source}, id2label") with { Form = Id2Label } : FromIds(value, Id2Label, source)),
            ("label2id", value => ToIds(value, source)),
            ("categories", value => OfList(value, "categories", source)),
            ("labels", value => OfListOrMap(value, "labels", source)),
            ("names", value => OfListOrMap(value, "names", source)),
        };
        // "classes": 20 beside "names": […] is a number of classes.
        foreach (var (key, read) in known.OrderBy(item => root.TryGetProperty(item.Key, out var value) && value.ValueKind is JsonValueKind.Array or JsonValueKind.Object ? 0 : 1))
            if (root.TryGetProperty(key, out var value))
            {
                var draft = read(value);
                if (keys.Where(other => other != key).ToArray() is { Length: > 0 } others)
                    draft.Notes.Add($"Names are those of '{key}'; passed over: {string.Join(", ", others.Take(5))}{(others.Length > 5 ? $" and {others.Length - 5} more" : "")}.");
                return draft;
            }
        throw new LabelSetException(
            $"{source}: an object without a list of names (keys: {string.Join(", ", keys.Take(5).Select(key => key.Length > 40 ? key[..40] + "…" : key))}). Known are classes, id2label, categories, labels, names, and maps from ids to names.");
    }

    private static LabelDraft OfList(JsonElement value, string key, string source) =>
        value.ValueKind == JsonValueKind.Array ? OfArray(value, $"{source}, {key}") : throw new LabelSetException($"{source}: '{key}' must be an array of classes.");

    private static LabelDraft OfListOrMap(JsonElement value, string key, string source) => value.ValueKind != JsonValueKind.Object ? OfList(value, key, source)
        : value.EnumerateObject().All(item => item.Value.ValueKind == JsonValueKind.Number) ? ToIds(value, $"{source}, {key}")
        : FromIds(value, MapFromIds, $"{source}, {key}");

    private static LabelDraft FromIds(JsonElement map, string form, string source)
    {
        if (map.ValueKind != JsonValueKind.Object)
            throw new LabelSetException($"{source}: must be an object of ids and names.");
        var draft = NumberedLabels.Draft(form, map.EnumerateObject().Select(item => (
            Ids.Of(item.Name) ?? throw new LabelSetException($"{source}: '{item.Name}' must be an id, a whole number from 0."),
            new LabelClass { Name = JsonText.Of(IsPair(item.Value) ? item.Value[1] : item.Value, $"{source}, id {item.Name}") },
            $"id {item.Name}")), source);
        if (map.EnumerateObject().FirstOrDefault(item => IsPair(item.Value)) is { Value.ValueKind: JsonValueKind.Array } pair)
            draft.Notes.Add($"Names are the second of each pair: '{pair.Value[1].GetString()}' of '{pair.Value[0].GetString()}'.");
        return draft;
    }

    private static LabelDraft ToIds(JsonElement map, string source) => map.ValueKind == JsonValueKind.Object
        ? NumberedLabels.Draft("JSON map to ids", map.EnumerateObject().Select(item => (
            Ids.Of(item.Value) ?? throw new LabelSetException($"{source}: the id of '{item.Name}' must be a whole number from 0."),
            new LabelClass { Name = item.Name },
            $"'{item.Name}'")), source)
        : throw new LabelSetException($"{source}: must be an object of names and ids.");

    private static bool IsColor(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && ColorText.TryParse(value.GetRawText(), out _) || value.ValueKind == JsonValueKind.String && value.GetRawText() is ['"', '#', ..] raw && ColorText.TryParse(raw.Trim('"'), out _);

    // The index of ImageNet's classes has WordNet's id and the name of each.
    private static bool IsPair(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
        && value[1].ValueKind == JsonValueKind.String && WordNetId().IsMatch(value[0].GetRawText());

    /// <summary>Whether values are 0, 1, 2, … or 1, 2, 3, …: other numbers may mean anything.</summary>
    private static bool IsCounted(JsonElement[] values) => values.All(value => Ids.Of(value) is not null) && Ids.AreCounted(values.Select(value => Ids.Of(value)!.Value));

    private static bool Has(JsonElement element, string[] keys) => element.ValueKind == JsonValueKind.Object && keys.Any(key => element.TryGetProperty(key, out _));

    [GeneratedRegex("""^"n\d{8}"$""")]
    private static partial Regex WordNetId();
}
