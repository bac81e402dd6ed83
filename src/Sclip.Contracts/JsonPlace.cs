using System.Globalization;
using System.Text.Json;

namespace Sclip.Contracts;

/// <summary>Where a text stops being JSON, for one who knows the file and not its parser.</summary>
public static class JsonPlace
{
    /// <summary>The place, as it stands behind "not valid JSON": <c> at line 3, byte 14</c>; empty where it is not known.</summary>
    /// <param name="error">What the parser says.</param>
    /// <param name="lines">Lines of the file before the text.</param>
    public static string Of(JsonException error, int lines = 0) =>
        error.LineNumber is { } line ? string.Create(CultureInfo.InvariantCulture, $" at line {lines + line + 1}, byte {(error.BytePositionInLine ?? 0) + 1}") : "";
}
