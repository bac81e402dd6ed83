using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sclip.Labels;

/// <summary>Tells what is meant as a path among what is written for names on a command line. There is no file of that name.</summary>
internal static partial class PathText
{
    private static readonly JsonSerializerOptions Literal = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Why the text is not read as names; null where it is.</summary>
    public static string? Refusal(string text)
    {
        if (Path().IsMatch(text))
            return $"{text} does not exist.";
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (parts is [var only])
            return Glob().IsMatch(only) || only.Contains('?', StringComparison.Ordinal) && !only.Contains(' ', StringComparison.Ordinal) ? $"{only} reads like a pattern for files, and one file is read; give its name."
                : Slash().IsMatch(only) ? $"{only} reads like a path, and there is no such file. Where it is a name, give it as JSON: {JsonSerializer.Serialize(new[] { only }, Literal)}."
                : null;
        return Array.Find(parts, part => Glob().IsMatch(part) || FileName().IsMatch(part)) is { } file
            ? $"'{file}' reads like a file, and no class name. Give one file alone, with all names in it, or names between commas."
            : null;
    }

    /// <summary>A single word with an ending or a folder in it; names between commas are none.</summary>
    [GeneratedRegex(@"^(?:[~.]{0,2}[/\\][^,]*|[^,]*[\w)-]\.[A-Za-z][A-Za-z0-9]{1,7}|[^,\s]+[/\\][^,\s]+[/\\][^,]*)$")]
    private static partial Regex Path();

    [GeneratedRegex(@"\*")]
    private static partial Regex Glob();

    [GeneratedRegex(@"\S[/\\]\S")]
    private static partial Regex Slash();

    [GeneratedRegex(@"^[~.]{0,2}[/\\]|\S[/\\]\S+[/\\]\S|^[A-Za-z]:\\|\.(?:txt|csv|tsv|jsonl?|ya?ml|xml|names|data|pbtxt|md|html?|" + PictureEndings.Pattern + @"|zip|gz|pdf|xlsx?|docx?|npy|safetensors|py|sh)$", RegexOptions.IgnoreCase)]
    private static partial Regex FileName();
}
