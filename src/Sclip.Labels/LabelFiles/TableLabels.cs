using System.Globalization;
using CsvHelper;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>A table with a line of column names: commas, semicolons or tabs between. Read are the name and, where there are such, id, colour, synonyms and background.</summary>
internal static class TableLabels
{
    private static readonly string[] NameColumns = ["name", "class_name", "classname", "label_name", "category_name", "class", "label", "category", "names"];
    private static readonly string[] IdColumns = ["id", "index", "class_id", "label_id", "category_id", "value", "train_id", "trainid", "idx"];
    private static readonly string[] ColorColumns = ["color", "colour", "hex", "color_hex"];
    private static readonly string[] SynonymColumns = ["synonyms", "synonym", "aliases", "alias"];
    private static readonly string[] BackgroundColumns = ["background", "is_background"];
    private static readonly string[][] ChannelColumns = [["r", "red"], ["g", "green"], ["b", "blue"]];

    /// <summary>Where a table begins, and what is between its columns; null where the text is none.</summary>
    public static (char Delimiter, int Skipped)? Find(string[] lines)
    {
        var first = Array.FindIndex(lines, line => line.Trim().Length > 0);
        if (first < 0)
            return null;
        // Excel's own line, which it takes for no row.
        if (lines[first].Trim() is ['s', 'e', 'p', '=', var told])
            return (told, first + 1);
        foreach (var delimiter in "\t;,")
        {
            var cells = Cells(lines[first], delimiter);
            if (!cells.Any(NameColumns.Contains))
                continue;
            // "label, tag" is a class and its synonym; "name, color" are columns.
            var isText = lines[first].Contains(", ", StringComparison.Ordinal) && cells.Count(IsKnown) < 2;
            if (!isText && (cells.Length > 1 || delimiter == ',' && lines[first].Trim() is "name" or "class_name" or "label_name" or "category_name"))
                return (delimiter, first);
        }
        return null;
    }

    /// <exception cref="LabelSetException">A row does not fit its columns, or a value is wrong.</exception>
    public static LabelDraft Parse(string text, (char Delimiter, int Skipped) table, string source)
    {
        using var lines = new StringReader(text);
        for (var i = 0; i < table.Skipped; i++)
            lines.ReadLine();
        try
        {
            using var reader = CsvReader.Create(lines, new CsvReaderOptions
            {
                Separator = table.Delimiter,
                TrimWhitespace = true,
                TrackLineNumbers = true,
                // What breaks the rules of quoting is not to be mended by guessing, and a name has one line.
                MalformedData = CsvMalformedDataHandling.Throw,
                FieldCountMismatch = CsvFieldCountHandling.Throw,
                AllowLineBreaksInQuotes = false,
            }, leaveOpen: true);
            string[] columns = [.. reader.Headers.Select(Column)];
            if (!columns.Any(NameColumns.Contains))
                throw new LabelSetException($"{source}, line {table.Skipped + 1}: no column is called 'name'; name the columns in the first line.");
            var rows = new List<(long? Id, LabelClass Class, string Place)>();
            while (reader.Read())
            {
                var place = $"line {table.Skipped + reader.LineNumber}";
                rows.Add(Row(columns, reader.Current.ToArray(), $"{source}, {place}", place));
            }
            return Draft(columns, rows, source);
        }
        catch (CsvFormatException error)
        {
            throw new LabelSetException($"{source}, line {table.Skipped + error.LineNumber}: {error.Message}", error);
        }
    }

    private static LabelDraft Draft(string[] columns, List<(long? Id, LabelClass Class, string Place)> rows, string source)
    {
        const string Form = "table";
        var draft = rows.All(row => row.Id is not null)
            ? NumberedLabels.Draft(Form, rows.Select(row => (row.Id!.Value, row.Class, row.Place)), source)
            : new LabelDraft(Form) { Classes = [.. rows.Select(row => (row.Class, row.Place))] };
        var name = Column(columns, NameColumns);
        if (columns.Where((column, i) => i != name && (!IsKnown(column) || NameColumns.Contains(column))).ToArray() is { Length: > 0 } others)
            draft.Notes.Add($"Names are those of the column '{columns[name]}'; passed over: {string.Join(", ", others)}.");
        return draft;
    }

    private static (long? Id, LabelClass Class, string Place) Row(string[] columns, string[] values, string where, string place)
    {
        var id = Value(IdColumns) is { } number
            ? long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : throw new LabelSetException($"{where}: the id '{number}' must be a whole number from 0.")
            : (long?)null;
        return (id, new LabelClass
        {
            Name = Value(NameColumns) ?? throw new LabelSetException($"{where}: a name is empty."),
            Synonyms = Value(SynonymColumns)?.Split([',', ';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
            Color = Color(),
            Background = Value(BackgroundColumns) is { } flag && Flag(flag, where),
        }, place);

        string? Value(string[] names) => Column(columns, names) is >= 0 and var at && values[at].Length > 0 ? values[at] : null;

        RgbColor? Color() => Value(ColorColumns) is { } color ? ColorText.Parse(color, where)
            : ChannelColumns.Select(Value).ToArray() is [{ } r, { } g, { } b] ? ColorText.Parse($"rgb({r},{g},{b})", where) : null;
    }

    private static bool Flag(string text, string where) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "1" or "x" => true,
        "false" or "no" or "0" or "-" => false,
        _ => throw new LabelSetException($"{where}: background '{text}' must be true or false."),
    };

    private static bool IsKnown(string column) =>
        new[] { NameColumns, IdColumns, ColorColumns, SynonymColumns, BackgroundColumns }.Concat(ChannelColumns).Any(names => names.Contains(column));

    private static int Column(string[] columns, string[] names) => names.Select(name => Array.IndexOf(columns, name)).FirstOrDefault(at => at >= 0, -1);

    private static string[] Cells(string line, char delimiter) => Array.ConvertAll(line.Split(delimiter), cell => Column(cell.Trim().Trim('"')));

    private static string Column(string header) => header.Trim().ToLowerInvariant().Replace(' ', '_');
}
