using System.Text.RegularExpressions;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>A class and its colour on every line, in either order, with an id before or without: <c>128 64 128 road</c>, <c>road, 128, 64, 128</c>, <c>road #804080</c>, <c>0 road 128 64 128</c>.</summary>
internal static partial class ColorLines
{
    private const int LongestLine = 1000;
    private const string Channel = @"(?:25[0-5]|2[0-4]\d|[01]?\d?\d)";
    private const string Gap = @"(?:\s*,\s*|\s+)";
    private const string Color = $@"(?<color>#[0-9A-Fa-f]{{6}}(?:[0-9A-Fa-f]{{2}})?|(?:rgb)?[\[(]?\s*{Channel}{Gap}{Channel}{Gap}{Channel}\s*[\])]?)";
    private const string Between = @"[\s,:]+";
    private const string Id = @"(?<id>\d{1,6})[\s,:.)]+";
    // A number that stands alone before or behind a name may be an id, or a fourth of the colour's.
    private const string Name = @"(?<name>(?!\d+[\s,:.)])[^\s,:#(\[].*?(?<![\s,:(\[]|[\s,:]\d+))";

    private static readonly Regex[] Patterns = [Before(), Behind(), BeforeWithId(), BehindWithId()];

    /// <summary>Whether a line alone reads as a class and its colour.</summary>
    public static bool IsLike(string line) => line.Length <= LongestLine && Array.Exists(Patterns, pattern => pattern.IsMatch(line));

    public static bool Is(string[] lines) => Pattern(lines) is not null;

    /// <exception cref="LabelSetException">A name is none, or two ids are the same.</exception>
    public static LabelDraft Parse(string[] lines, string source)
    {
        const string Form = "text, a class and its colour a line";
        var pattern = Pattern(lines)!;
        var rows = new List<(long? Id, LabelClass Class, string Place)>();
        foreach (var (i, line) in Content(lines))
        {
            var place = $"line {i + 1}";
            var match = pattern.Match(line);
            var names = match.Groups["name"].Value.Split(", ");
            foreach (var name in names)
                NotNames.Refuse(name, source, place);
            rows.Add((Ids.Of(match.Groups["id"].Value), new LabelClass { Name = names[0], Synonyms = names[1..], Color = ColorText.Parse(match.Groups["color"].Value, $"{source}, {place}") }, place));
        }
        return NumberedLabels.DraftIfAll(Form, rows, source);
    }

    private static Regex? Pattern(string[] lines)
    {
        var content = Content(lines).ToArray();
        return content.Length == 0 || content.Any(line => line.Line.Length > LongestLine) ? null
            : Array.Find(Patterns, pattern => content.All(line => pattern.IsMatch(line.Line)) && AreIds([.. content.Select(line => Ids.Of(pattern.Match(line.Line).Groups["id"].Value))]));
    }

    // Of four numbers the first is an id where it grows from line to line; else they may be a colour and its opacity.
    private static bool AreIds(long?[] ids) => ids[0] is null || ids.Zip(ids.Skip(1)).All(pair => pair.First < pair.Second);

    // A line that begins with a colour is no comment.
    private static IEnumerable<(int Index, string Line)> Content(string[] lines) =>
        lines.Index().Where(line => line.Item.AsSpan().Trim() is not [] and not ['#', ..] || line.Item.Length <= LongestLine && Before().IsMatch(line.Item));

    [GeneratedRegex($@"^\s*{Color}{Between}{Name}[\s,]*$")]
    private static partial Regex Before();

    [GeneratedRegex($@"^\s*{Name}{Between}{Color}[\s,]*$")]
    private static partial Regex Behind();

    [GeneratedRegex($@"^\s*{Id}{Color}{Between}{Name}[\s,]*$")]
    private static partial Regex BeforeWithId();

    [GeneratedRegex($@"^\s*{Id}{Name}{Between}{Color}[\s,]*$")]
    private static partial Regex BehindWithId();
}
