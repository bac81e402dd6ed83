using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sclip.Contracts;

/// <summary>Why a text is no JSON, in words of the text and not of its parser.</summary>
public static partial class JsonReason
{
    private const int LongestShown = 20;

    /// <summary>The reason, as it stands behind the place and before a full stop; null where the text is JSON, and something else is wrong with it.</summary>
    public static string? Of(JsonException error)
    {
        var message = error.Message.Split(" Path:")[0].Split(" LineNumber:")[0];
        bool Says(string words) => message.Contains(words, StringComparison.Ordinal);
        return message switch
        {
            _ when Twice().Match(message) is { Success: true, Groups: [_, var key] } => $"the key '{key.Value}' is there twice",
            _ when Says("does not contain any JSON tokens") => "it is empty",
            _ when Says("reached end of data") || Says("Expected depth to be zero") || Says("any complete JSON tokens") => "it breaks off before its end",
            _ when Says("trailing comma") => "a comma stands before a closing bracket, with nothing between them",
            _ when Says("maximum configured depth") => $"arrays and objects are nested more than {Number().Match(message).Value} deep",
            _ when Says("Invalid leading zero") => "a number begins with a superfluous 0",
            _ => Letter().Match(message) is { Success: true, Groups: [_, var letter, var rule] } ? OfLetter(Short(letter.Value), rule.Value) : null,
        };
    }

    private static string? OfLetter(string letter, string rule) => rule switch
    {
        _ when rule.StartsWith("an invalid start of a property name", StringComparison.Ordinal) => $"'{letter}' stands where a key in double quotes is needed",
        _ when rule.StartsWith("invalid after a property name", StringComparison.Ordinal) => $"'{letter}' stands where the ':' behind a key is needed",
        _ when rule.StartsWith("an invalid start of a value", StringComparison.Ordinal) => $"'{letter}' stands where a value is needed",
        _ when rule.StartsWith("invalid after a value", StringComparison.Ordinal) => $"'{letter}' stands where a comma or a closing bracket is needed",
        _ when rule.StartsWith("invalid after a single JSON value", StringComparison.Ordinal) => $"'{letter}' stands behind its end",
        _ when rule.StartsWith("an invalid JSON literal", StringComparison.Ordinal) => $"'{letter}' is no value; a text stands in double quotes",
        _ when rule.StartsWith("an invalid escapable character", StringComparison.Ordinal) || rule.StartsWith("not a hex digit", StringComparison.Ordinal) => $"'{letter}' cannot follow a backslash there; a backslash itself is written twice",
        _ when rule.Contains("within a JSON string", StringComparison.Ordinal) => $"a text holds {letter}, which is written with a backslash",
        // A digit ends a number wrongly only where nothing is behind it.
        _ when rule.StartsWith("an invalid end of a number", StringComparison.Ordinal) && char.IsAsciiDigit(letter[0]) => "it breaks off before its end",
        _ when rule.Contains("number", StringComparison.Ordinal) => $"'{letter}' stands within a number",
        _ => null,
    };

    // Of what is no value the parser tells all to the end of the text.
    private static string Short(string letters) => letters.Length <= LongestShown ? letters.ReplaceLineEndings(" ") : letters[..LongestShown].ReplaceLineEndings(" ") + "…";

    [GeneratedRegex("^Duplicate property '(.*)' encountered", RegexOptions.Singleline)]
    private static partial Regex Twice();

    [GeneratedRegex("^'(.+?)' is (.+)$", RegexOptions.Singleline)]
    private static partial Regex Letter();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
