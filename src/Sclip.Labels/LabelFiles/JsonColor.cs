using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>The <c>color</c> of a class in JSON: a text, or <c>[r, g, b]</c>.</summary>
internal static class JsonColor
{
    /// <summary>The colour; null where there is none, it is null or empty.</summary>
    /// <exception cref="LabelSetException">It is no colour.</exception>
    public static RgbColor? In(JsonElement element, string where)
    {
        if (!element.TryGetProperty("color", out var color) || color.ValueKind == JsonValueKind.Null)
            return null;
        where = $"{where}, color";
        var text = color.ValueKind == JsonValueKind.Array ? color.GetRawText() : JsonText.Of(color, where);
        return text.Length == 0 ? null : ColorText.Parse(text, where);
    }
}
