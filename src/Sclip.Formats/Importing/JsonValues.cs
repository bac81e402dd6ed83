using System.Globalization;
using System.Text;
using System.Text.Json;
using Sclip.Contracts.Jobs;

namespace Sclip.Formats.Importing;

/// <summary>Numbers, ids and texts as tools write them: whole numbers also with a point, and as texts.</summary>
internal static class JsonValues
{
    /// <summary>A whole number; null where it is none, or beyond 64 bits.</summary>
    public static long? Whole(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var value) => value,
        JsonTokenType.Number when reader.TryGetDouble(out var value) => Whole(value),
        JsonTokenType.String when long.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
        _ => null,
    };

    /// <summary>A whole number; null where it is none, or beyond 64 bits.</summary>
    public static long? Whole(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetInt64(out var value) => value,
        JsonValueKind.Number when element.TryGetDouble(out var value) => Whole(value),
        JsonValueKind.String when long.TryParse(Text(element), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
        _ => null,
    };

    /// <summary>An id as a text, the same for 7, 7.0 and "7"; null where it is none.</summary>
    public static string? Id(ref Utf8JsonReader reader) => Whole(ref reader)?.ToString(CultureInfo.InvariantCulture) ?? reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
        _ => null,
    };

    /// <summary>An id as a text, the same for 7, 7.0 and "7"; null where it is none.</summary>
    public static string? Id(JsonElement parent, string key) => !parent.TryGetProperty(key, out var element) ? null
        : Whole(element)?.ToString(CultureInfo.InvariantCulture) ?? (element.ValueKind == JsonValueKind.Number ? element.GetRawText() : Text(element));

    /// <summary>A text; null where it is none, or no valid Unicode.</summary>
    public static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>An id as it stands in a message.</summary>
    public static string Shown(string? id) => id is null ? "without an id" : JobNames.Shown(id);

    private static long? Whole(double value) => Math.Abs(value) < 1L << 53 && Math.Floor(value) == value ? (long)value : null;
}
