using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>CVAT's labels, as its "Raw" constructor shows them: an array of objects with <c>name</c>, <c>color</c>, <c>attributes</c> and <c>type</c>.</summary>
internal static class CvatLabels
{
    /// <exception cref="LabelSetException">An element has no name.</exception>
    public static LabelDraft Of(JsonElement[] elements, string source)
    {
        var draft = new LabelDraft("CVAT labels");
        foreach (var (i, element) in elements.Index())
        {
            var place = $"element {i + 1}";
            var where = $"{source}, {place}";
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("name", out var name))
                throw new LabelSetException($"{where}: 'name' is missing.");
            draft.Add(new LabelClass { Name = JsonText.Of(name, $"{where}, name"), Color = JsonColor.In(element, where) }, place);
        }
        return draft;
    }
}
