using System.Globalization;
using System.Text.RegularExpressions;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>The authors' text form: a class a line, synonyms behind <c>", "</c>. Blank lines, and lines that begin with <c>#</c>, are skipped.</summary>
internal static partial class TextLabels
{
    private const string Json = "write the classes in JSON where a name really holds it: [{\"name\": \"…\"}]";

    /// <exception cref="LabelSetException">A line is no list of names.</exception>
    public static LabelDraft Parse(string[] lines, string source)
    {
        var draft = new LabelDraft("text, a class a line");
        foreach (var (i, line) in Content(lines))
        {
            var place = $"line {i + 1}";
            var names = line.Split(", ");
            foreach (var name in names)
            {
                Check(name, source, place);
                if (TightComma().IsMatch(name))
                    throw new LabelSetException(
                        $"{source}, {place}: '{Shown(name)}' may be one name or several. Classes go on a line each; names of one class have a comma and a space between; {Json}.");
            }
            draft.Add(new LabelClass { Name = names[0], Synonyms = names[1..] }, place);
        }
        RefuseNumbers(lines, source);
        return draft;
    }

    /// <summary>Names between commas, as on a command line: a class each.</summary>
    /// <exception cref="LabelSetException">They are no names.</exception>
    public static LabelDraft ParseNames(string text, string source)
    {
        var draft = new LabelDraft("names between commas");
        foreach (var (i, name) in text.Split(',').Index())
        {
            Check(name, source, $"name {i + 1}");
            draft.Add(new LabelClass { Name = name }, $"name {i + 1}");
        }
        return draft;
    }

    /// <summary>The lines that count, each with its number from 0.</summary>
    public static IEnumerable<(int Index, string Line)> Content(string[] lines) =>
        lines.Index().Where(line => line.Item.AsSpan().Trim() is not [] and not ['#', ..]);

    private static void Check(string name, string source, string place)
    {
        if (name.Contains('\t', StringComparison.Ordinal) && name.Trim().Contains('\t', StringComparison.Ordinal))
            throw new LabelSetException($"{source}, {place}: a tab is in '{Shown(name)}'. A table needs a line of column names first, one of them 'name'; else a class goes on a line of its own.");
        if (name.Contains(';', StringComparison.Ordinal))
            throw new LabelSetException($"{source}, {place}: a semicolon is in '{Shown(name)}'. A table needs a line of column names first, one of them 'name'; else {Json}.");
        // What a control character does to a terminal begins with one; the set refuses it by its own name.
        if (!name.Any(char.IsControl) && Markup().Match(name) is { Success: true } found)
            throw new LabelSetException($"{source}, {place}: '{Shown(name)}' is no class name, for it holds {found.Value.Trim()}. This is no label file that is known; {Json}.");
    }

    private static void RefuseNumbers(string[] lines, string source)
    {
        var numbers = Content(lines).Select(line => Numbered().Match(line.Line)).ToArray();
        if (numbers.Length < 2 || numbers.Any(match => !match.Success))
            return;
        var values = Array.ConvertAll(numbers, match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        if (values.Zip(values.Skip(1)).All(pair => pair.Second == pair.First + 1))
            throw new LabelSetException($"{source}: all lines are numbered, {values[0]} to {values[^1]}. Leave the numbers away, or write {{\"{values[0]}\": \"name\", …}}.");
    }

    private static string Shown(string text) => text.Trim() is { Length: > 60 } shown ? shown[..60] + "…" : text.Trim();

    // A comma between digits belongs to a number: 1,000 birds.
    [GeneratedRegex(@",(?<!\d,(?=\d))")]
    private static partial Regex TightComma();

    [GeneratedRegex("""[{}\[\]<>|="\\`]|^\s*'|'\s*,?\s*$|:(?=\s|$)|^\s*[*•-]\s|^\s*[!-/:-@\[-`{-~]+\s*$""")]
    private static partial Regex Markup();

    [GeneratedRegex(@"^\s*(\d{1,6})[\s.:)-]+\S")]
    private static partial Regex Numbered();
}
