using System.Globalization;
using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>Tells the forms in JSON apart: ours, an array of names, Hugging Face's <c>id2label</c>, COCO's <c>categories</c>, CVAT's labels, a map from ids.</summary>
internal static class JsonLabels
{
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
        if (elements.Any(element => Has(element, CvatKeys)))
            return CvatLabels.Of(elements, source);
        return elements.Any(element => Has(element, CocoKeys)) ? CocoFile.Of(elements, source) : LabelSetJson.Of(elements, source);
    }

    private static LabelDraft OfObject(JsonElement root, string source)
    {
        var keys = root.EnumerateObject().Select(item => item.Name).ToArray();
        if (keys.Length > 0 && root.EnumerateObject().All(item => Id(item.Name) is not null && item.Value.ValueKind == JsonValueKind.String))
            return FromIds(root, "JSON map from ids", source);
        if (keys.Length > 0 && IsCounted([.. root.EnumerateObject().Select(item => item.Value)]))
            return ToIds(root, source);
        foreach (var (key, read) in new (string, Func<JsonElement, LabelDraft>)[]
        {
            ("classes", value => OfList(value, "classes", source)),
            ("id2label", value => FromIds(value, "Hugging Face id2label", source)),
            ("label2id", value => ToIds(value, source)),
            ("categories", value => OfList(value, "categories", source)),
            ("labels", value => OfList(value, "labels", source)),
            ("names", value => value.ValueKind == JsonValueKind.Object ? FromIds(value, "JSON names from ids", source) : OfList(value, "names", source)),
        })
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

    private static LabelDraft FromIds(JsonElement map, string form, string source) => map.ValueKind == JsonValueKind.Object
        ? NumberedLabels.Draft(form, map.EnumerateObject().Select(item => (
            Id(item.Name) ?? throw new LabelSetException($"{source}: '{item.Name}' must be an id, a whole number from 0."),
            new LabelClass { Name = JsonText.Of(item.Value, $"{source}, id {item.Name}") },
            $"id {item.Name}")), source)
        : throw new LabelSetException($"{source}: must be an object of ids and names.");

    private static LabelDraft ToIds(JsonElement map, string source) => map.ValueKind == JsonValueKind.Object
        ? NumberedLabels.Draft("JSON map to ids", map.EnumerateObject().Select(item => (
            item.Value.ValueKind == JsonValueKind.Number && item.Value.TryGetInt64(out var id) && id >= 0 ? id : throw new LabelSetException($"{source}: the id of '{item.Name}' must be a whole number from 0."),
            new LabelClass { Name = item.Name },
            $"'{item.Name}'")), source)
        : throw new LabelSetException($"{source}: must be an object of names and ids.");

    /// <summary>Whether values are 0, 1, 2, … or 1, 2, 3, …: other numbers may mean anything.</summary>
    private static bool IsCounted(JsonElement[] values) =>
        values.All(value => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _))
        && values.Select(value => value.GetInt64()).Order().ToArray() is [0 or 1, ..] ids && ids.Index().All(id => id.Item == ids[0] + id.Index);

    private static long? Id(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static bool Has(JsonElement element, string[] keys) => element.ValueKind == JsonValueKind.Object && keys.Any(key => element.TryGetProperty(key, out _));
}
