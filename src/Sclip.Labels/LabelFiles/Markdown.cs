using System.Text.RegularExpressions;

namespace Sclip.Labels;

/// <summary>Documents in Markdown, which read as broken YAML or text. It is looked for only where a list of names was not found.</summary>
internal static partial class Markdown
{
    /// <summary>What to say of a text; null where it does not look like Markdown.</summary>
    public static string? Refusal(string text, string source)
    {
        const string advice = "is no list of names; give a file with a class on each line.";
        if (Path.GetExtension(source).ToUpperInvariant() is ".MD" or ".MARKDOWN")
            return $"{source} is a document in Markdown, and {advice}";
        // A broken document in JSON may hold any text.
        if (text.AsSpan().TrimStart() is ['{', ..])
            return null;
        return TextFile.Lines(text).Index().FirstOrDefault(line => line.Item.Length <= TextFile.LongestLine && Mark().IsMatch(line.Item)) is (var at, { } found)
            ? $"{source}, line {at + 1}: '{NotNames.Shown(found)}' reads like Markdown, and this {advice}"
            : null;
    }

    // A link, code between fences, the rule below a table's head, bold words.
    [GeneratedRegex("""^[^"']*\[[^\[\]"]+\]\([^\s()"]+\)|^\s*(?:```|~~~)|^\s*\|?(?:\s*:?-{3,}:?\s*\|)+|^[^"']*\*\*\w[^*"]*\*\*""")]
    private static partial Regex Mark();
}
