using System.Text.RegularExpressions;

namespace Sclip.Labels;

/// <summary>What stands in texts that are no lists of names: tables, code, prose, annotations. A line of it is refused, with what it looks like.</summary>
internal static partial class NotNames
{
    /// <summary>The advice where a name really holds what names do not.</summary>
    public const string Json = "write the classes in JSON where a name really holds it: [{\"name\": \"…\"}]";

    // What is longer is refused by its length.
    private const int LongestName = 1000;

    // With {0} for the name and {1} for what is wrong with it.
    private static readonly (Regex Pattern, string What)[] Kinds =
    [
        (Tab(), "a tab is in '{0}'. A table needs a line of column names first, one of them 'name'; else a class goes on a line of its own."),
        (Semicolon(), $"a semicolon is in '{{0}}'. A table needs a line of column names first, one of them 'name'; else {Json}."),
        (WideComma(), $"'{{1}}' is in '{{0}}'. Between names stands a plain comma, and in a file a class goes on a line of its own; {Json}."),
        (Markup(), $"'{{0}}' is no class name, for it holds {{1}}. This is no label file that is known; {Json}."),
        (Comment(), $"'{{0}}' holds a comment, {{1}}. Comments go on lines of their own, which begin with #; {Json}."),
        (Code(), $"'{{0}}' reads like a program, and no class name. This is no label file that is known; {Json}."),
        (Prose(), $"'{{0}}' reads like prose, and no class name. A class goes on a line of its own; {Json}."),
    ];

    /// <exception cref="LabelSetException">It is no name.</exception>
    public static void Refuse(string name, string source, string place)
    {
        // What a control character does to a terminal begins with one; the set refuses it by its own name.
        if (name.Length > LongestName)
            name = WhiteSpace.Collapse(name);
        if (name.Length > LongestName || name.Any(letter => char.IsControl(letter) && letter != '\t'))
            return;
        foreach (var (pattern, what) in Kinds)
            if (pattern.Match(name) is { Success: true } found)
                throw new LabelSetException($"{source}, {place}: {what.Replace("{1}", found.Value.Trim(), StringComparison.Ordinal).Replace("{0}", Shown(name), StringComparison.Ordinal)}");
    }

    /// <summary>What only a whole line shows, which may be several names.</summary>
    /// <exception cref="LabelSetException">It is no line of names.</exception>
    public static void RefuseLine(string line, string source, string place)
    {
        var what = line.Length > TextFile.LongestLine ? null : Numbers().IsMatch(line)
            ? Fractions().IsMatch(line) ? "reads like boxes or outlines that someone drew (YOLO has such a file for each picture). Its classes stand in data.yaml, or in classes.txt" : "has numbers alone, and no name"
            : ColorLines.IsLike(line) || Row().IsMatch(line) ? $"reads like a name and its colour, or other numbers. Every line must have both in the same way, as road 128 64 128 or 0 road 128 64 128, or a name alone; {Json}"
            : PictureRow().IsMatch(line) ? $"reads like what is in one picture. Write each class once, on a line of its own; {Json}"
            : null;
        if (what is not null)
            throw new LabelSetException($"{source}, {place}: '{Shown(line)}' {what}.");
    }

    /// <summary>What only all lines together show.</summary>
    /// <exception cref="LabelSetException">They are no names.</exception>
    public static void RefuseAll(string[] lines, string source, string what = "lines")
    {
        if (lines.Length < 2 || Array.Exists(lines, line => line.Length > TextFile.LongestLine))
            return;
        if (Array.TrueForAll(lines, line => Picture().IsMatch(line)))
            throw new LabelSetException($"{source}: all {what} are pictures, and no class names; the pictures to label are given apart from the labels.");
        if (Array.TrueForAll(lines, line => Pair().IsMatch(line)))
            throw new LabelSetException($"{source}: all {what} have a colon in them, as '{Shown(lines[0])}' has. Names of one class have a comma and a space between; {Json}.");
        RefuseNumbers(Array.ConvertAll(lines, line => NumberBefore().Match(line)), source, what, areInOrder: false);
        RefuseNumbers(Array.ConvertAll(lines, line => NumberBehind().Match(line)), source, what, areInOrder: true);
    }

    /// <summary>A text as messages have it: short, and harmless to a terminal.</summary>
    public static string Shown(string text) =>
        string.Concat((text.Trim() is { Length: > 60 } shown ? shown[..60] + "…" : text.Trim()).Select(letter => char.IsControl(letter) ? ' ' : letter));

    // "2 wheeler, 4 wheeler" and "stage 1, stage 2" are names; what has a number of its own and nothing in common with the others is numbered.
    private static void RefuseNumbers(Match[] lines, string source, string what, bool areInOrder)
    {
        if (!Array.TrueForAll(lines, match => match.Success))
            return;
        var ids = Array.ConvertAll(lines, match => Ids.Of(match.Groups["id"].Value)!.Value);
        var isCounted = ids.Zip(ids.Skip(1)).All(pair => pair.Second == pair.First + 1);
        var areNames = lines.Select(match => match.Groups["name"].Value.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).Count() == lines.Length;
        var isNumbered = areInOrder ? isCounted && areNames && ids[0] is 0 or 1 : isCounted || areNames && ids.Distinct().Count() == ids.Length && lines.All(match => match.Groups["gap"].Value != "-");
        if (isNumbered)
            throw new LabelSetException($"{source}: all {what} are numbered, {ids.Min()} to {ids.Max()}. Leave the numbers away, or write {{\"{ids[0]}\": \"name\", …}}.");
    }

    [GeneratedRegex(@"\S[^\S\t]*\t\s*\S")]
    private static partial Regex Tab();

    [GeneratedRegex(";")]
    private static partial Regex Semicolon();

    [GeneratedRegex("[；，、،؛､]")]
    private static partial Regex WideComma();

    [GeneratedRegex("""[{}\[\]<>|="\\`]|^\s*'|'\s*,?\s*$|:(?=\s|$)|^\s*[*•-]\s|^\s*[!-/:-@\[-`{-~]+\s*$|\$[A-Za-z_(]|\*\*""")]
    private static partial Regex Markup();

    // "C# code" and "apartment #3" are names.
    [GeneratedRegex(@"(?:^\s*|\s)#(?!\d).*|(?:^\s*|\s)//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\s*import\s+[\w.*]+(?:\s+as\s+\w+)?\s*$|^\s*from\s+\S+\s+import\s|\w\(\)|&&|\s--\w|\s-[A-Za-z]{1,3}(?:\s|$)")]
    private static partial Regex Code();

    // Where a sentence ends, another begins; St. Bernard is none.
    [GeneratedRegex(@"\p{Ll}{4}[.?]\s+\p{Lu}\p{Ll}*\s")]
    private static partial Regex Prose();

    [GeneratedRegex(@"^\s*[-+]?\d[\d.]*(?:e[-+]?\d+)?(?:(?:[\s,]+[-+]?\d[\d.]*(?:e[-+]?\d+)?){2,}|\s+[-+]?\d[\d.]*)[\s,]*$", RegexOptions.IgnoreCase)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^\s*(?:\d[\d.]*[\s,]+){3}\S|[\s,:]\d[\d.]*[\s,]+\d[\d.]*[\s,]+\d[\d.]*[\s,]*$")]
    private static partial Regex Row();

    [GeneratedRegex(@"\d\.\d")]
    private static partial Regex Fractions();

    [GeneratedRegex(@"\.(?:" + PictureEndings.Pattern + @")(?:\s+|,\s*)\S", RegexOptions.IgnoreCase)]
    private static partial Regex PictureRow();

    [GeneratedRegex(@"\.(?:" + PictureEndings.Pattern + @")\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Picture();

    [GeneratedRegex(@"^[^:]*[\p{L})]:[\p{L}\d][^:]*$")]
    private static partial Regex Pair();

    [GeneratedRegex(@"^\s*(?<id>\d{1,6})(?<gap>[\s.:)-]+|,\s+)(?<name>\S.*)$")]
    private static partial Regex NumberBefore();

    [GeneratedRegex(@"^(?<name>.*[\p{L})])(?<gap>[\s:]+|,\s+)(?<id>\d{1,6})\s*$")]
    private static partial Regex NumberBehind();
}
