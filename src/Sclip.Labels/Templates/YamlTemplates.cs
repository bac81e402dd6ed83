using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sclip.Labels;

/// <summary>Templates as a list in YAML.</summary>
internal static class YamlTemplates
{
    public static bool Is(string[] lines) => TextLabels.Content(lines).Select(line => line.Line).Where(line => line.TrimEnd() != "---").ToArray() is { Length: > 0 } content
        && Array.TrueForAll(content, line => line.TrimStart().StartsWith("- ", StringComparison.Ordinal));

    /// <exception cref="LabelSetException">It is no YAML, or an element is no text.</exception>
    public static List<(string Text, string Place)> Parse(string text, string source)
    {
        try
        {
            var parser = YamlText.Begin(text);
            parser.Consume<SequenceStart>();
            var templates = new List<(string, string)>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                // YAML takes {} at the beginning for a map.
                var place = YamlText.Place(parser.Current);
                templates.Add(parser.Current is MappingStart ? throw new LabelSetException($"{source}, {place}: must be a text; put a template that begins with {{}} in quotes.") : (YamlText.Of(parser, source).Value, place));
            }
            return templates;
        }
        catch (YamlException error)
        {
            throw YamlText.Invalid(error, source);
        }
    }
}
