using System.Drawing;
using System.Globalization;
using System.Text.RegularExpressions;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>
/// Colours as label files have them: <c>#f80</c>, <c>#ff8000</c>, <c>ff8000</c>, <c>rgb(255, 128, 0)</c>, <c>rgba(…)</c>, <c>(255, 128, 0)</c>,
/// <c>[255, 128, 0]</c>, <c>255 128 0</c>, <c>orange</c>. What is behind the colour, its opacity, is passed over.
/// </summary>
internal static partial class ColorText
{
    public static bool TryParse(string text, out RgbColor color)
    {
        text = text.Trim();
        if (Short().Match(text) is { Success: true } digits)
            text = $"#{string.Concat(digits.Groups[1].Value.Select(digit => $"{digit}{digit}"))}";
        if (text.Length == 9 && text[0] == '#')
            text = text[..7];
        if (Bare().Match(text) is { Success: true } bare)
            text = $"#{bare.Groups[1].Value}";
        if (RgbColor.TryParse(text, out color))
            return true;
        if (Channels().Match(text) is { Success: true } match)
            return byte.TryParse(match.Groups["r"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var r) & byte.TryParse(match.Groups["g"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var g)
                & byte.TryParse(match.Groups["b"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var b) && (color = new RgbColor(r, g, b)) is var _;
        if (text.All(char.IsAsciiLetter) && Color.FromName(text) is { IsKnownColor: true, IsSystemColor: false, A: 255 } named)
        {
            color = new RgbColor(named.R, named.G, named.B);
            return true;
        }
        return false;
    }

    /// <exception cref="LabelSetException">It is no colour.</exception>
    public static RgbColor Parse(string text, string where) =>
        TryParse(text, out var color) ? color : throw new LabelSetException($"{where}: '{(text.Length > 60 ? text[..60] + "…" : text)}' must be a colour such as #ff8000.");

    [GeneratedRegex("^#([0-9A-Fa-f]{3})$")]
    private static partial Regex Short();

    [GeneratedRegex("^(?:0x)?([0-9A-Fa-f]{6})$")]
    private static partial Regex Bare();

    [GeneratedRegex(@"^(?:rgba?)?(?:(?<open>\()|(?<list>\[))?\s*(?<r>\d+)(?:\s*,\s*|\s+)(?<g>\d+)(?:\s*,\s*|\s+)(?<b>\d+)\s*(?:,\s*[\d.]+\s*)?(?(open)\)|(?(list)\]))$")]
    private static partial Regex Channels();
}
