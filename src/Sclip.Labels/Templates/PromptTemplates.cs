using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sclip.Labels;

/// <summary>Prompts that a class name is put into, such as <c>a photo of a {}.</c>; a name's embedding is the mean over them.</summary>
public sealed partial class PromptTemplates
{
    private const string Placeholder = "{}";
    private const int LongestTemplate = 1000;

    private PromptTemplates(string[] texts) => Texts = texts;

    /// <summary>The templates; each holds <c>{}</c> once, where the name goes.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Takes over templates, in order.</summary>
    /// <exception cref="LabelSetException">There is none, or one does not hold <c>{}</c> exactly once.</exception>
    public static PromptTemplates Of(IEnumerable<string> templates) =>
        Create("templates", templates.Select((text, i) => (text, $"template {i + 1}")));

    /// <summary>Reads a file of one template a line, lines that begin with <c>#</c> left out, or a JSON array or YAML list of them.</summary>
    /// <exception cref="LabelSetException">The file cannot be read, is empty, or a template does not hold <c>{}</c> exactly once.</exception>
    public static PromptTemplates Load(string path)
    {
        var text = TextFile.Read(path);
        if (TextFile.IsJson(path) || Json().IsMatch(text))
            return Create(path, ParseJson(text, path));
        var lines = TextFile.Lines(text);
        return Create(path, YamlTemplates.Is(lines) ? YamlTemplates.Parse(text, path) : lines.Select((line, i) => (line, $"line {i + 1}")).Where(line => !line.line.TrimStart().StartsWith('#')));
    }

    /// <summary>A template with a name in it.</summary>
    public string Prompt(int template, string name) => Texts[template].Replace(Placeholder, name, StringComparison.Ordinal);

    private static PromptTemplates Create(string source, IEnumerable<(string Text, string Place)> templates)
    {
        var texts = new List<string>();
        foreach (var (text, place) in templates)
        {
            if (text.Split(Placeholder).Length != 2)
                throw new LabelSetException($"{source}, {place}: '{NotNames.Shown(text)}' must hold {{}} exactly once, where the class name goes.");
            if (Quoted().IsMatch(text))
                throw new LabelSetException($"{source}, {place}: '{NotNames.Shown(text)}' is in quotes, as in a program; leave them away.");
            if (text.Length > LongestTemplate)
                throw new LabelSetException($"{source}, {place}: longer than {LongestTemplate} characters.");
            if (Strange().Match(text) is { Success: true } strange)
                throw new LabelSetException($"{source}, {place}: '{NotNames.Shown(text)}' would be asked as it stands, and holds '{strange.Value.Trim()}'; leave that away.");
            texts.Add(text);
        }
        return texts.Count > 0 ? new([.. texts]) : throw new LabelSetException($"{source}: there is no template; write for example: a photo of a {{}}.");
    }

    private static IEnumerable<(string Text, string Place)> ParseJson(string json, string path)
    {
        using var document = TextFile.ParseJson(json, path);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new LabelSetException($"{path}: must be a JSON array of texts.");
        var templates = new List<(string, string)>();
        foreach (var element in document.RootElement.EnumerateArray())
        {
            var place = $"element {templates.Count + 1}";
            templates.Add(element.ValueKind == JsonValueKind.String
                ? (element.GetString()!, place)
                : throw new LabelSetException($"{path}, {place}: must be a text."));
        }
        return templates;
    }

    // A number before it, a comment behind it, tags and tables.
    [GeneratedRegex(@"^\s*\d+[.:)]\s|\s#.*|\s//.*|</?[a-z]+>|[\t|;=`\\]", RegexOptions.IgnoreCase)]
    private static partial Regex Strange();

    // A template may begin with {}.
    [GeneratedRegex("""^\s*(?:\[|\{\s*")""")]
    private static partial Regex Json();

    [GeneratedRegex("""^\s*(?:'.*'|".*")\s*,?\s*$""")]
    private static partial Regex Quoted();
}
