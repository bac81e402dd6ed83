namespace Sclip.Cli;

/// <summary>Texts that others chose, as a terminal may have them: no name moves the cursor, sets a colour or begins a line.</summary>
internal static class Printable
{
    private const char Replacement = '\uFFFD';

    /// <summary>A text as a part of a line: each of its control characters is replaced.</summary>
    public static string Line(string? text) => Clean(text ?? "", char.IsControl);

    /// <summary>A text of several lines: control characters are replaced but for what ends a line or is a tabulator.</summary>
    public static string Lines(string text) => Clean(text, letter => char.IsControl(letter) && letter is not ('\n' or '\t'));

    /// <summary>A message of several lines in which what was given to the program begins none.</summary>
    /// <param name="message">What is said.</param>
    /// <param name="given">What it may quote: the arguments.</param>
    public static string Message(string message, IEnumerable<string> given) =>
        given.Where(text => text.Any(char.IsControl)).Aggregate(message, (said, text) => said.Replace(text, Line(text), StringComparison.Ordinal));

    private static string Clean(string text, Func<char, bool> isReplaced) =>
        text.Any(isReplaced) ? string.Concat(text.Select(letter => isReplaced(letter) ? Replacement : letter)) : text;
}
