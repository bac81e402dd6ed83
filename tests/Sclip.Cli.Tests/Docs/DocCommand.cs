using System.Text.RegularExpressions;

namespace Sclip.Cli.Tests.Docs;

/// <summary>A call of sclip that a page shows.</summary>
/// <param name="Page">The page.</param>
/// <param name="Line">The line that it stands in.</param>
/// <param name="Words">Its arguments.</param>
internal sealed partial record DocCommand(string Page, string Line, IReadOnlyList<string> Words)
{
    /// <summary>All calls of a page, in its order.</summary>
    public static IEnumerable<DocCommand> Of(DocPage page) => page.CodeLines.SelectMany(line =>
        Call().Matches(line).Select(call => new DocCommand(page.Name, line, Split(line[(call.Index + call.Length)..]))).Where(command => command.Words.Count > 0));

    /// <summary>The words of a simple command of a shell, up to what ends it: a pipe, a redirection, a comment, another command.</summary>
    private static List<string> Split(string text)
    {
        var (words, word, quote) = (new List<string>(), (string?)null, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var (at, next) = (text[i], i + 1 < text.Length ? text[i + 1] : ' ');
            if (quote != '\0')
            {
                if (at == quote)
                    quote = '\0';
                else
                    word += at;
            }
            else if (at is '"' or '\'')
                (quote, word) = (at, word ?? "");
            else if (at == '\\')
                (word, i) = (word + next, i + 1);
            else if (at is '|' or '>' or '<' or ';' or '&' or ')' || (at == '#' && word is null))
                break;
            else if (!char.IsWhiteSpace(at))
                word += at;
            else if (word is not null)
            {
                words.Add(word);
                word = null;
            }
        }
        if (word is not null)
            words.Add(word);
        return words;
    }

    // As the first word of a command, behind settings of it or not.
    [GeneratedRegex(@"(?:\./sclip|(?:^|&&|[;|&]|[$<]\()\s*(?:[A-Z_]+=\S*\s+)*sclip)(?=\s)")]
    private static partial Regex Call();
}
