using System.Drawing;
using System.Globalization;
using System.Text.RegularExpressions;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>Colours as label files have them: <c>#f80</c>, <c>#ff8000</c>, <c>rgb(255, 128, 0)</c>, <c>rgba(…)</c>, <c>orange</c>. What is behind the colour, its opacity, is passed over.</summary>
internal static partial class ColorText
{
    public static bool TryParse(string text, out RgbColor color)
    {
        text = text.Trim();
        if (Short().Match(text) is { Success: true } digits)
            text = $"#{string.Concat(digits.Groups[1].Value.Select(digit => $"{digit}{digit}"))}";
        if (text.Length == 9 && text[0] == '#')
            text = text[..7];
        if (RgbColor.TryParse(text, out color))
            return true;
        if (Channels().Match(text) is { Success: true } match)
            return byte.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var r) & byte.TryParse(match.Groups[2].Value, CultureInfo.InvariantCulture, out var g)
                & byte.TryParse(match.Groups[3].Value, CultureInfo.InvariantCulture, out var b) && (color = new RgbColor(r, g, b)) is var _;
        if (text.All(char.IsAsciiLetter) && Color.FromName(text) is { IsKnownColor: true, IsSystemColor: false, A: 255 } named)
        {
            color = new RgbColor(named.R, named.G, named.B);
            return true;
        }
        return false;
    }

    /// <exception cref="LabelSetException">It is no colour.</exception>
    public static RgbColor Parse(string text, string where) =>
        TryParse(text, out var color) ? color : throw new LabelSetException($"{where}: '{text}' must be a colour such as #ff8000.");

    [GeneratedRegex("^#([0-9A-Fa-f]{3})$")]
    private static partial Regex Short();

    [GeneratedRegex(@"^rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*[\d.]+\s*)?\)$")]
    private static partial Regex Channels();
}
