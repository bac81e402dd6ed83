using System.Text.RegularExpressions;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>The authors' text form: a class a line, synonyms behind <c>", "</c>. Blank lines, and lines that begin with <c>#</c>, are skipped.</summary>
internal static partial class TextLabels
{
    /// <exception cref="LabelSetException">A line is no list of names.</exception>
    public static LabelDraft Parse(string[] lines, string source)
    {
        if (lines is [var head, ..] && head.StartsWith("#!", StringComparison.Ordinal))
            throw new LabelSetException($"{source}, line 1: '{NotNames.Shown(head)}' begins a program; this is no label file.");
        var draft = new LabelDraft("text, a class a line");
        var content = Content(lines).ToArray();
        if (content.Length > 0 && TableColumns.IsName(TableColumns.Column(content[0].Line)))
        {
            draft.Notes.Add(TableColumns.HeadNote(content[0].Line, content[0].Index));
            content = content[1..];
        }
        else if (content.Length > 1 && TableColumns.AreColumns(content[0].Line))
            throw new LabelSetException(
                $"{source}, line {content[0].Index + 1}: '{NotNames.Shown(content[0].Line)}' reads like the column names of a table. Separate them by commas, without a space, or by tabs, and call the column of names 'name'.");
        foreach (var (i, line) in content)
        {
            var place = $"line {i + 1}";
            var names = line.Split(", ");
            NotNames.RefuseLine(line, source, place);
            foreach (var name in names)
            {
                NotNames.Refuse(name, source, place);
                if (TightComma().IsMatch(name))
                    throw new LabelSetException(
                        $"{source}, {place}: '{NotNames.Shown(name)}' may be one name or several. Classes go on a line each; names of one class have a comma and a space between; {NotNames.Json}.");
            }
            draft.Add(new LabelClass { Name = names[0], Synonyms = names[1..] }, place);
        }
        NotNames.RefuseAll([.. content.Select(line => line.Line)], source);
        if (lines.Index().FirstOrDefault(line => Heading().IsMatch(line.Item)) is (var at, { } heading))
            draft.Notes.Add($"'{NotNames.Shown(heading)}' in line {at + 1} was skipped, and reads like a heading in a document; see whether its lines are names.");
        return draft;
    }

    /// <summary>Names between commas, as on a command line: a class each.</summary>
    /// <exception cref="LabelSetException">They are no names.</exception>
    public static LabelDraft ParseNames(string text, string source)
    {
        var draft = new LabelDraft("names between commas");
        var names = text.Split(',');
        // A comma at the end has nothing behind it that could be meant.
        if (names.Length > 1 && string.IsNullOrWhiteSpace(names[^1]))
            names = names[..^1];
        foreach (var (i, name) in names.Index())
        {
            NotNames.Refuse(name, source, $"name {i + 1}");
            NotNames.RefuseLine(name, source, $"name {i + 1}");
            draft.Add(new LabelClass { Name = name }, $"name {i + 1}");
        }
        NotNames.RefuseAll(names, source, "names");
        return draft;
    }

    /// <summary>The lines that count, each with its number from 0.</summary>
    public static IEnumerable<(int Index, string Line)> Content(string[] lines) =>
        lines.Index().Where(line => line.Item.AsSpan().Trim() is not [] and not ['#', ..]);

    [GeneratedRegex(@"^#{2,6}\s+\S")]
    private static partial Regex Heading();

    // A comma between digits belongs to a number: 1,000 birds.
    [GeneratedRegex(@",(?<!\d,(?=\d))")]
    private static partial Regex TightComma();
}
