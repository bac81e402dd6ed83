using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>The labels of Mapillary Vistas' configuration: <c>name</c> is a path of kinds, <c>readable</c> what people say.</summary>
internal static class MapillaryLabels
{
    public static bool Is(JsonElement element) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty("readable", out _);

    /// <exception cref="LabelSetException">An element has no readable name.</exception>
    public static LabelDraft Of(JsonElement[] elements, string source)
    {
        var draft = new LabelDraft("Mapillary labels");
        foreach (var (i, element) in elements.Index())
        {
            var place = $"element {i + 1}";
            var where = $"{source}, {place}";
            if (!Is(element))
                throw new LabelSetException($"{where}: 'readable' is missing, which the others have.");
            draft.Add(new LabelClass { Name = JsonText.Of(element.GetProperty("readable"), $"{where}, readable"), Color = JsonColor.In(element, where) }, place);
        }
        draft.Notes.Add("Names are those of 'readable'.");
        return draft;
    }
}
