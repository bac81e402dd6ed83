using System.Globalization;
using System.Text.RegularExpressions;
using Sclip.Contracts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sclip.Labels;

/// <summary>YOLO's <c>data.yaml</c>, whose <c>names</c> are a list, or a map from ids; also a bare list or map. Read as events, which have lines and no depth.</summary>
internal static partial class YamlLabels
{
    public static bool Is(string[] lines) => TextLabels.Content(lines).Any(line => Head().IsMatch(line.Line));

    /// <exception cref="LabelSetException">It is no YAML, or has no names.</exception>
    public static LabelDraft Parse(string text, string source)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            var draft = parser.Current switch
            {
                SequenceStart => Sequence(parser, source, "YAML list"),
                MappingStart => Root(parser, source),
                var other => throw new LabelSetException($"{source}, {Place(other)}: must be a list of names, or a map with 'names'."),
            };
            parser.Consume<DocumentEnd>();
            return parser.Current is StreamEnd ? draft : throw new LabelSetException($"{source}, {Place(parser.Current)}: a second document begins; there must be one.");
        }
        catch (YamlException error)
        {
            throw new LabelSetException($"{source}, line {error.Start.Line}: not valid YAML: {error.InnerException?.Message ?? error.Message}", error);
        }
    }

    private static LabelDraft Root(Parser parser, string source)
    {
        var start = parser.Consume<MappingStart>();
        LabelDraft? names = null;
        (long Count, string Place)? told = null;
        var numbered = new List<(long, LabelClass, string)>();
        var others = new List<string>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Text(parser, source);
            if (key.Value == "names")
                names = names is null ? Names(parser, source) : throw new LabelSetException($"{source}, {Place(key)}: 'names' is there twice.");
            else if (long.TryParse(key.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                numbered.Add((id, new LabelClass { Name = Text(parser, source).Value }, Place(key)));
            else if (key.Value == "nc" && parser.Current is Scalar count && long.TryParse(count.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                told = (number, Place(count));
                parser.MoveNext();
            }
            else
            {
                others.Add(key.Value);
                parser.SkipThisAndNestedEvents();
            }
        }
        if (names is null && others.Count == 0 && numbered.Count > 0)
            return NumberedLabels.Draft("YAML map from ids", numbered, source);
        if (names is null)
            throw new LabelSetException($"{source}, {Place(start)}: reads as YAML, and has no 'names' (keys: {string.Join(", ", others.Take(5))}). Where it is meant as text, a class goes on a line, without ': '.");
        return told is { } nc && nc.Count != names.Classes.Count
            ? throw new LabelSetException($"{source}, {nc.Place}: nc is {nc.Count}, and there are {names.Classes.Count} names.")
            : names;
    }

    private static LabelDraft Names(Parser parser, string source) => parser.Current switch
    {
        SequenceStart => Sequence(parser, source, "YOLO data.yaml"),
        MappingStart => Map(parser, source),
        var other => throw new LabelSetException($"{source}, {Place(other)}: 'names' must be a list, or a map from ids to names."),
    };

    private static LabelDraft Sequence(Parser parser, string source, string form)
    {
        parser.Consume<SequenceStart>();
        var draft = new LabelDraft(form);
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            var name = Text(parser, source);
            draft.Add(new LabelClass { Name = name.Value }, Place(name));
        }
        return draft;
    }

    private static LabelDraft Map(Parser parser, string source)
    {
        parser.Consume<MappingStart>();
        var names = new List<(long, LabelClass, string)>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Text(parser, source);
            if (!long.TryParse(key.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                throw new LabelSetException($"{source}, {Place(key)}: '{key.Value}' must be an id, a whole number from 0.");
            names.Add((id, new LabelClass { Name = Text(parser, source).Value }, Place(key)));
        }
        return NumberedLabels.Draft("YOLO data.yaml", names, source);
    }

    private static Scalar Text(Parser parser, string source)
    {
        if (!parser.TryConsume<Scalar>(out var scalar))
            throw new LabelSetException($"{source}, {Place(parser.Current)}: must be a text.");
        // In YAML nothing is null, and no name of a class; a quoted one may be.
        return scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" ? throw new LabelSetException($"{source}, {Place(scalar)}: a name is empty.") : scalar;
    }

    private static string Place(ParsingEvent? at) => $"line {at?.Start.Line ?? 1}";

    [GeneratedRegex("""^(?:---(?:\s|$)|%YAML\s|\s*-\s+\S|\s*(?:[\w.-]+|'[^']*'|"[^"]*")\s*:(?:\s|$))""")]
    private static partial Regex Head();
}
