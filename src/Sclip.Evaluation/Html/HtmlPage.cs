using System.Net;
using System.Text;

namespace Sclip.Evaluation.Html;

/// <summary>Writes one page that holds all it shows: style and pictures lie in it, and it loads nothing. Texts are encoded, whatever is in them.</summary>
public sealed class HtmlPage : IDisposable
{
    private const string Style = """
        :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 62%, transparent); }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 24px 20px 64px; max-width: 1280px; }
        h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 36px 0 12px; } p.note { color: var(--soft); margin: 0 0 12px; max-width: 76ch; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: 4px 12px; border-bottom: 1px solid var(--line); text-align: right; }
        th { font-weight: 600; } th:first-child, td:first-child { text-align: left; padding-left: 0; }
        .wide { overflow-x: auto; } .row { display: flex; flex-wrap: wrap; gap: 16px; } figure { margin: 0; } figcaption { color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
        img { max-width: 100%; height: auto; border-radius: 4px; display: block; }
        """;

    private readonly TextWriter _output;

    /// <summary>Begins the page.</summary>
    /// <param name="output">Where it is written; left open.</param>
    /// <param name="title">Its title and heading.</param>
    /// <param name="style">Further rules of CSS, the page's own.</param>
    public HtmlPage(TextWriter output, string title, string style = "")
    {
        _output = output;
        _output.Write($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <title>{Text(title)}</title>
            <style>
            {Style}
            {style}
            </style>
            </head>
            <body>
            <h1>{Text(title)}</h1>

            """);
    }

    /// <summary>A text as it may stand in a page, in an element or in an attribute's quotes.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A picture as the address of an <c>img</c>, its bytes in it.</summary>
    /// <param name="mediaType"><c>image/png</c> or <c>image/jpeg</c>.</param>
    /// <param name="file">The picture's file.</param>
    public static string Address(string mediaType, ReadOnlySpan<byte> file) => $"data:{mediaType};base64,{Convert.ToBase64String(file)}";

    /// <summary>Writes markup as it stands; whatever is not the program's own must have gone through <see cref="Text"/>.</summary>
    public void Write(string markup) => _output.WriteLine(markup);

    /// <summary>Writes a table.</summary>
    /// <param name="columns">Headings.</param>
    /// <param name="rows">Texts, not markup.</param>
    public void Table(IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows) => TableOfMarkup(columns, rows.Select(row => row.Select(Text)));

    /// <summary>Writes a table whose cells hold more than text.</summary>
    /// <param name="columns">Headings, as texts.</param>
    /// <param name="rows">Markup, to which applies what <see cref="Write"/> says.</param>
    public void TableOfMarkup(IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        var table = new StringBuilder("<div class=\"wide\"><table><thead><tr>");
        table.AppendJoin("", columns.Select(column => $"<th>{Text(column)}</th>")).Append("</tr></thead><tbody>");
        foreach (var row in rows)
            table.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{cell}</td>")).Append("</tr>");
        Write(table.Append("</tbody></table></div>").ToString());
    }

    /// <summary>Ends the page.</summary>
    public void Dispose() => _output.Write("</body>\n</html>\n");
}
