using System.Text.RegularExpressions;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>TensorFlow's <c>labelmap.pbtxt</c>: <c>item { id: 1 name: 'n' display_name: 'what people say' }</c>; the display name is the name where there is one.</summary>
internal static partial class PbtxtLabels
{
    public static bool Is(string[] lines) => TextLabels.Content(lines).FirstOrDefault().Line is { } first && Head().IsMatch(first);

    /// <exception cref="LabelSetException">It is damaged, or an item has no name.</exception>
    public static LabelDraft Parse(string[] lines, string source)
    {
        var tokens = new Queue<(string Text, int Line)>();
        foreach (var (i, line) in TextLabels.Content(lines))
            foreach (Match match in Token().Matches(line))
                if (match.Value[0] is not '#')
                    tokens.Enqueue((match.Value, i + 1));
        var items = new List<(long? Id, LabelClass Class, string Place)>();
        while (tokens.TryDequeue(out var head))
        {
            if (head.Text != "item")
                throw new LabelSetException($"{source}, line {head.Line}: must be an item {{ … }}, as the others are.");
            items.Add(Item(tokens, source, $"line {head.Line}"));
        }
        const string Form = "TensorFlow labelmap.pbtxt";
        return NumberedLabels.DraftIfAll(Form, items, source);
    }

    private static (long? Id, LabelClass Class, string Place) Item(Queue<(string Text, int Line)> tokens, string source, string place)
    {
        var fields = new Dictionary<string, string>();
        tokens.TryDequeue(out var open);
        if (open.Text == ":")
            tokens.TryDequeue(out open);
        // What is nested, such as key points, is passed over.
        var depth = open.Text == "{" ? 1 : throw new LabelSetException($"{source}, {place}: an item must begin with {{.");
        while (depth > 0)
        {
            if (!tokens.TryDequeue(out var token))
                throw new LabelSetException($"{source}, {place}: the item does not end; }} is missing.");
            depth += token.Text is "{" ? 1 : token.Text is "}" ? -1 : 0;
            if (depth == 1 && tokens.TryPeek(out var colon) && colon.Text == ":")
            {
                tokens.Dequeue();
                if (tokens.TryPeek(out var value) && value.Text != "{")
                    fields[token.Text] = tokens.Dequeue().Text;
            }
        }
        return (fields.TryGetValue("id", out var id) ? Ids.Of(id) ?? throw new LabelSetException($"{source}, {place}: the id '{id}' must be a whole number from 0.") : null, new LabelClass
        {
            Name = fields.TryGetValue("display_name", out var name) || fields.TryGetValue("name", out name) ? Unquoted(name, $"{source}, {place}") : throw new LabelSetException($"{source}, {place}: the item has no name."),
        }, place);
    }

    private static string Unquoted(string text, string where) => text.Length < 2 || text[0] is not ('\'' or '"') || text[^1] != text[0] ? throw new LabelSetException($"{where}: the name must be in quotes.")
        : Escape().Replace(text[1..^1], match => match.ValueSpan[1] is '\'' or '"' or '\\' ? match.Value[1..] : throw new LabelSetException($"{where}: {match.Value} in a name is not read; write the letter itself."));

    [GeneratedRegex(@"^\s*item\s*:?\s*\{")]
    private static partial Regex Head();

    [GeneratedRegex("""#.*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{}:]|[^\s{}:#,;"']+|["']""")]
    private static partial Regex Token();

    [GeneratedRegex(@"\\.")]
    private static partial Regex Escape();
}
