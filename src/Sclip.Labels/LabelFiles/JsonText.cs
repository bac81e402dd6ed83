using System.Text.Json;

namespace Sclip.Labels;

/// <summary>Texts in JSON.</summary>
internal static class JsonText
{
    /// <exception cref="LabelSetException">The value is no text.</exception>
    public static string Of(JsonElement value, string where)
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
}
