using System.Globalization;
using System.Text.Json;

namespace Sclip.Labels;

/// <summary>Ids of classes: whole numbers from 0. Spreadsheets and data frames write <c>1.0</c>.</summary>
internal static class Ids
{
    /// <summary>The id, or null where it is none.</summary>
    public static long? Of(string text) =>
        long.TryParse(text.Split('.') is [var whole, var rest] && rest.Length > 0 && rest.All(digit => digit == '0') ? whole : text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>The id, or null where the value is no number that is one.</summary>
    public static long? Of(JsonElement value) => value.ValueKind == JsonValueKind.Number ? Of(value.GetRawText()) : null;

    /// <summary>Whether they are 0, 1, 2, … or 1, 2, 3, … in any order: other numbers may mean anything.</summary>
    public static bool AreCounted(IEnumerable<long> ids) => ids.Order().ToArray() is [0 or 1, ..] ordered && ordered.Index().All(id => id.Item == ordered[0] + id.Index);
}
