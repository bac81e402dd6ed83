using CsvHelper;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>A table with a line of column names: commas, semicolons or tabs between. Read are the name and, where there are such, id, colour, synonyms and background.</summary>
internal static class TableLabels
{
    /// <summary>Where a table begins, and what is between its columns; null where the text is none.</summary>
    public static (char Delimiter, int Skipped)? Find(string[] lines)
    {
        var first = Array.FindIndex(lines, line => line.AsSpan().Trim() is not [] and not ['#', ..]);
        if (first < 0)
            return null;
        // Excel's own line, which it takes for no row.
        if (lines[first].Trim() is ['s', 'e', 'p', '=', var told])
            return (told, first + 1);
        foreach (var delimiter in "\t;,")
        {
            var cells = Cells(lines[first], delimiter);
            if (cells.Any(column => TableColumns.IsName(column) || TableColumns.IsNameInALanguage(column)))
            {
                // "label, tag" is a class and its synonym; "name, color" are columns.
                var isText = lines[first].Contains(", ", StringComparison.Ordinal) && cells.Count(column => TableColumns.IsKnown(column) || TableColumns.IsNameInALanguage(column)) < 2;
                if (cells.Length > 1 ? !isText : delimiter == ',' && IsColumn(lines, first))
                    return (delimiter, first);
            }
            // Some writers make the head a comment; above "building, house" it explains the text.
            if (first > 0 && !lines[first].Contains(", ", StringComparison.Ordinal) && lines[first - 1].TrimStart() is ['#', .. var comment] && Cells(comment, delimiter) is { Length: > 1 } head
                && head.Length == Cells(lines[first], delimiter).Length && head.Any(TableColumns.IsName) && head.Count(TableColumns.IsKnown) > 1)
                return (delimiter, first - 1);
        }
        return null;
    }

    /// <exception cref="LabelSetException">A row does not fit its columns, or a value is wrong.</exception>
    public static LabelDraft Parse(string[] lines, (char Delimiter, int Skipped) table, string source)
    {
        using var body = new StringReader(string.Join('\n', lines.Skip(table.Skipped).Select((line, i) => i == 0 ? line.TrimStart().TrimStart('#') : IsNoRow(line, table.Delimiter) ? "" : line)));
        try
        {
            using var reader = CsvReader.Create(body, new CsvReaderOptions
            {
                Separator = table.Delimiter,
                TrimWhitespace = true,
                TrackLineNumbers = true,
                // What breaks the rules of quoting is not to be mended by guessing, and a name has one line.
                MalformedData = CsvMalformedDataHandling.Throw,
                FieldCountMismatch = CsvFieldCountHandling.Throw,
                AllowLineBreaksInQuotes = false,
            }, leaveOpen: true);
            var where = $"{source}, line {table.Skipped + 1}";
            string[] columns = [.. reader.Headers.Select(TableColumns.Column)];
            if (Array.FindIndex(columns, TableColumns.IsOfPictures) is >= 0 and var at)
                throw new LabelSetException($"{where}: a table of what is in pictures, for there is a column '{NotNames.Shown(reader.Headers[at])}'. Write each class once, in a column 'name' of a table, or on a line of its own.");
            var rows = new List<(string[] Values, string Place)>();
            while (reader.Read())
                rows.Add((reader.Current.ToArray(), $"line {table.Skipped + reader.LineNumber}"));
            var draft = Draft(columns, rows, where, source);
            if (columns.Length == 1)
                draft.Notes.Add(TableColumns.HeadNote(reader.Headers[0], table.Skipped));
            return draft;
        }
        catch (CsvFormatException error)
        {
            throw new LabelSetException($"{source}, line {table.Skipped + error.LineNumber}: {error.Message}", error);
        }
    }

    private static LabelDraft Draft(string[] columns, List<(string[] Values, string Place)> rows, string where, string source)
    {
        var (name, id) = NameAndId(columns, rows, where);
        var classes = rows.Select(row => Row(columns, name, id, row.Values, $"{source}, {row.Place}", row.Place)).ToArray();
        const string Form = "table";
        var draft = NumberedLabels.DraftIfAll(Form, classes, source);
        var others = columns.Where((column, i) => i != name && i != id && column.Length > 0 && (!TableColumns.IsKnown(column) || TableColumns.IsName(column))).ToArray();
        var ids = id >= 0 && TableColumns.IsName(columns[id]) ? $", and ids those of '{columns[id]}'" : "";
        if (others.Length > 0)
            draft.Notes.Add($"Names are those of the column '{columns[name]}'{ids}; passed over: {string.Join(", ", others)}.");
        else if (ids.Length > 0)
            draft.Notes.Add($"Names are those of the column '{columns[name]}'{ids}.");
        return draft;
    }

    private static (int Name, int Id) NameAndId(string[] columns, List<(string[] Values, string Place)> rows, string where)
    {
        var (name, id) = (At(columns, TableColumns.Names), At(columns, TableColumns.Ids));
        if (name < 0)
        {
            var inLanguages = columns.Index().Where(column => TableColumns.IsNameInALanguage(column.Item)).ToArray();
            return inLanguages switch
            {
                [var only] => (only.Index, id),
                [] => throw new LabelSetException($"{where}: no column is called 'name'; name the columns in the first line."),
                _ => throw new LabelSetException($"{where}: the names may be those of {string.Join(" or ", inLanguages.Select(column => $"'{column.Item}'"))}; call one of them 'name'."),
            };
        }
        if (rows.Count == 0 || !AreNumbers(name))
            return (name, id);
        // "class" may be called what others call "class_id".
        if (Enumerable.Range(0, columns.Length).FirstOrDefault(at => TableColumns.IsName(columns[at]) && !AreNumbers(at), -1) is >= 0 and var other)
            return (other, id < 0 ? name : id);
        return columns.Any(column => column.Length > 0 && !TableColumns.IsKnown(column))
            ? throw new LabelSetException($"{where}: the column '{columns[name]}' has numbers alone; call the column of names 'name', and that of numbers 'id'.")
            : (name, id);

        bool AreNumbers(int column) => rows.TrueForAll(row => Ids.Of(row.Values[column]) is not null);
    }

    private static (long? Id, LabelClass Class, string Place) Row(string[] columns, int nameColumn, int idColumn, string[] values, string where, string place)
    {
        var id = Cell(idColumn) is { } number ? Ids.Of(number) ?? throw new LabelSetException($"{where}: the id '{number}' must be a whole number from 0.") : (long?)null;
        return (id, new LabelClass
        {
            Name = Cell(nameColumn) ?? throw new LabelSetException($"{where}: a name is empty."),
            Synonyms = Value(TableColumns.Synonyms)?.Split([',', ';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
            Color = Color(),
            Background = Value(TableColumns.Backgrounds) is { } flag && Flag(flag, where),
        }, place);

        string? Cell(int at) => at >= 0 && values[at].Length > 0 ? values[at] : null;

        string? Value(string[] names) => Cell(At(columns, names));

        RgbColor? Color() => Value(TableColumns.Colors) is { } color ? ColorText.Parse(color, where)
            : TableColumns.Channels.Select(Value).ToArray() is [{ } r, { } g, { } b] ? ColorText.Parse($"rgb({r},{g},{b})", where) : null;
    }

    private static bool Flag(string text, string where) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "1" or "x" => true,
        "false" or "no" or "0" or "-" => false,
        _ => throw new LabelSetException($"{where}: background '{text}' must be true or false."),
    };

    // As text, names are compared with what names are; what is in quotes is meant as it is.
    private static bool IsColumn(string[] lines, int first)
    {
        var names = TextLabels.Content(lines[(first + 1)..]).Select(line => line.Line).ToArray();
        return Array.Exists(names, name => name.TrimStart() is ['"', ..]) && Array.TrueForAll(names, name => name.TrimStart() is ['"', ..] || !name.AsSpan().ContainsAny(",;\t"));
    }

    // Spreadsheets leave rows of separators; "#ff0000,road" is a row.
    private static bool IsNoRow(string line, char delimiter) =>
        line.All(letter => letter == delimiter || letter == '"' || char.IsWhiteSpace(letter)) || line.TrimStart() is ['#', ..] && !ColorText.TryParse(line.Split(delimiter)[0], out _);

    private static int At(string[] columns, string[] names) => names.Select(name => Array.IndexOf(columns, name)).FirstOrDefault(at => at >= 0, -1);

    private static string[] Cells(string line, char delimiter) => Array.ConvertAll(line.Split(delimiter), TableColumns.Column);
}
