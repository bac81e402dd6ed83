using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sclip.Storage.Jobs;

/// <summary>What is wrong with a JSON text, for one who knows the document and not the code that reads it.</summary>
public static partial class JsonFault
{
    /// <summary>The fault in a sentence: the member it is in, and what is wrong with that.</summary>
    public static string Describe(JsonException error)
    {
        var message = error.Message;
        var path = error.Path is { Length: > 0 } known ? known : "the text";
        var fault = message switch
        {
            _ when message.Contains("could not be mapped", StringComparison.Ordinal) => $"{path} is unknown.",
            _ when message.Contains("could not be converted", StringComparison.Ordinal) => $"{path} is of the wrong kind.",
            _ when message.Contains("null values", StringComparison.Ordinal) => $"{path} must not be null.",
            _ when message.IndexOf("missing required", StringComparison.Ordinal) is >= 0 and var missing => $"{path} is {message[missing..]}",
            _ => message,
        };
        return Shown(TypeName().Replace(fault.Split(" Path: ")[0], "it"));
    }

    private static string Shown(string text) => string.Concat(text.Take(500).Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));

    [GeneratedRegex(@"type '[^']*'|'?\b(System|Sclip)\.[A-Za-z.]+'?")]
    private static partial Regex TypeName();
}
