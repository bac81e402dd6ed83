using Sclip.Testing;

namespace Sclip.Deployment.Tests.Reference;

/// <summary>A page of docs/: the rows of its tables, and parts of it that are made from the program.</summary>
internal sealed class Page(string name)
{
    private readonly string _path = Path.Combine(Repository.Root, "docs", name);

    /// <summary>Whether parts that differ are written anew.</summary>
    public static bool IsUpdated => Environment.GetEnvironmentVariable("SCLIP_UPDATE_DOCS") == "1";

    public string Text => File.ReadAllText(_path);

    /// <summary>The cells of each row of a table below a heading, down to the next heading of its kind; of all tables where none is given.</summary>
    public string[][] Rows(string? heading = null)
    {
        var lines = Text.Split('\n').AsEnumerable();
        if (heading is not null)
        {
            Assert.Contains($"## {heading}", lines);
            lines = lines.SkipWhile(line => line != $"## {heading}").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        }
        return [.. lines.Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())];
    }

    /// <summary>The names of the parts that are made.</summary>
    public string[] Parts => [.. Text.Split('\n').Where(line => line.StartsWith("<!-- begin ", StringComparison.Ordinal)).Select(line => line["<!-- begin ".Length..^" -->".Length])];

    /// <summary>A part as it stands between its two marks.</summary>
    public string Part(string part)
    {
        var (from, to) = Place(part);
        return Text[from..to];
    }

    /// <summary>Writes a part.</summary>
    public void Write(string part, string content)
    {
        var (from, to) = Place(part);
        File.WriteAllText(_path, Text[..from] + content + Text[to..]);
    }

    private (int From, int To) Place(string part)
    {
        var begin = $"<!-- begin {part} -->\n";
        var from = Text.IndexOf(begin, StringComparison.Ordinal);
        Assert.True(from >= 0, $"docs/{name} has no line <!-- begin {part} -->.");
        return (from + begin.Length, Text.IndexOf($"<!-- end {part} -->", from, StringComparison.Ordinal));
    }
}
