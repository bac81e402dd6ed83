using System.Text.RegularExpressions;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>The <c>labelmap.txt</c> beside Pascal VOC's masks, as CVAT and Datumaro write it: <c>name:r,g,b:parts:actions</c>; also <c>name:r,g,b</c> alone.</summary>
internal static partial class VocLabels
{
    public static bool Is(string[] lines) =>
        lines.FirstOrDefault(line => line.Trim().Length > 0) is { } first && Head().IsMatch(first)
        || TextLabels.Content(lines).FirstOrDefault().Line is { } content && (Line().IsMatch(content) || ShortLine().IsMatch(content));

    /// <exception cref="LabelSetException">A line is none of it.</exception>
    public static LabelDraft Parse(string[] lines, string source)
    {
        var draft = new LabelDraft("VOC labelmap.txt");
        var isShort = TextLabels.Content(lines).FirstOrDefault().Line is { } first && ShortLine().IsMatch(first);
        foreach (var (i, line) in TextLabels.Content(lines))
        {
            var place = $"line {i + 1}";
            var match = (isShort ? ShortLine() : Line()).Match(line);
            if (!match.Success)
                throw new LabelSetException($"{source}, {place}: must read name:red,green,blue{(isShort ? "" : ":parts:actions")}, as the other lines do.");
            var label = new LabelClass { Name = match.Groups["name"].Value };
            if (match.Groups["color"].Value is { Length: > 0 } color)
                label = label with
                {
                    Color = ColorText.TryParse($"rgb({color})", out var rgb) ? rgb : throw new LabelSetException($"{source}, {place}: the colour {color} must be three numbers up to 255."),
                };
            draft.Add(label, place);
        }
        return draft;
    }

    [GeneratedRegex(@"^\s*#\s*label\s*:\s*color", RegexOptions.IgnoreCase)]
    private static partial Regex Head();

    [GeneratedRegex(@"^\s*(?<name>[^:,\s][^:,]*):(?<color>|\s*\d+\s*,\s*\d+\s*,\s*\d+\s*):[^:]*:[^:]*$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^\s*(?<name>[^:,\s][^:,]*):(?<color>\s*\d+\s*,\s*\d+\s*,\s*\d+)\s*$")]
    private static partial Regex ShortLine();
}
