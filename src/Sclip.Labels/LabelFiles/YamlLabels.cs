using System.Text.RegularExpressions;
using Sclip.Contracts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sclip.Labels;

/// <summary>YOLO's <c>data.yaml</c>, whose <c>names</c> are a list, or a map from ids; the same under other keys; also a bare list or map.</summary>
internal static partial class YamlLabels
{
    // The first that has a list or a map has the names.
    private static readonly string[] Keys = ["names", "classes", "labels", "id2label", "label2id", "categories"];

    public static bool Is(string[] lines) => TextLabels.Content(lines).Any(line => Head().IsMatch(line.Line));

    /// <exception cref="LabelSetException">It is no YAML, or has no names.</exception>
    public static LabelDraft Parse(string text, string source)
    {
        try
        {
            var parser = YamlText.Begin(text);
            var draft = parser.Current switch
            {
                SequenceStart => YamlClasses.Read(parser, source, "YAML list"),
                MappingStart => Root(text, parser, source),
                var other => throw new LabelSetException($"{source}, {YamlText.Place(other)}: must be a list of names, or a map with 'names'."),
            };
            parser.Consume<DocumentEnd>();
            return parser.Current is StreamEnd ? draft : throw new LabelSetException($"{source}, {YamlText.Place(parser.Current)}: a second document begins; there must be one.");
        }
        catch (YamlException error)
        {
            throw YamlText.Invalid(error, source);
        }
        catch (InvalidOperationException error)
        {
            // The parser meets what it did not expect.
            throw new LabelSetException($"{source}: not valid YAML.", error);
        }
    }

    private static LabelDraft Root(string text, Parser parser, string source)
    {
        var start = parser.Current;
        var entries = Entries(parser, source);
        if (entries.Select(entry => entry.Key).FirstOrDefault(key => Keys.Contains(key.Value) && entries.First(entry => entry.Key.Value == key.Value).Key != key) is { } twice)
            throw new LabelSetException($"{source}, {YamlText.Place(twice)}: '{twice.Value}' is there twice.");
        if (Keys.Where(key => entries.Any(entry => entry.Key.Value == key && entry.Value is SequenceStart or MappingStart or AnchorAlias)).ToArray() is [var found, .. var passed])
        {
            var names = Find(text, found, source);
            if (passed.Length > 0)
                names.Notes.Add($"Names are those of '{found}'; passed over: {string.Join(", ", passed)}.");
            return entries.Find(entry => entry.Key.Value == "nc").Value is Scalar count && Ids.Of(count.Value) is { } told && told != names.Classes.Count
                ? throw new LabelSetException($"{source}, {YamlText.Place(count)}: nc is {told}, and there are {names.Classes.Count} names.")
                : names;
        }
        if (entries.Find(entry => Keys.Contains(entry.Key.Value)) is { Key: { } key })
            throw new LabelSetException($"{source}, {YamlText.Place(key)}: '{key.Value}' must be a list, or a map from ids to names.");
        if (entries.TrueForAll(entry => Ids.Of(entry.Key.Value) is not null) || entries.TrueForAll(entry => IdOf(entry.Value) is not null) && Ids.AreCounted(entries.Select(entry => IdOf(entry.Value)!.Value)))
            return Map(YamlText.Begin(text), source, "YAML map");
        throw new LabelSetException(
            $"{source}, {YamlText.Place(start)}: reads as YAML, and has no 'names' (keys: {string.Join(", ", entries.Take(5).Select(entry => NotNames.Shown(entry.Key.Value)))}). Where it is meant as text, a class goes on a line, without ': '.");
    }

    private static List<(Scalar Key, ParsingEvent Value)> Entries(Parser parser, string source)
    {
        parser.Consume<MappingStart>();
        var entries = new List<(Scalar, ParsingEvent)>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            entries.Add((YamlText.Of(parser, source), parser.Current!));
            YamlText.Skip(parser, source);
        }
        return entries;
    }

    private static LabelDraft Find(string text, string key, string source)
    {
        var parser = YamlText.Begin(text);
        parser.Consume<MappingStart>();
        while (YamlText.Of(parser, source).Value != key)
            YamlText.Skip(parser, source);
        YamlText.RefuseAlias(parser, source);
        var form = key == "names" ? "YOLO data.yaml" : $"YAML with '{key}'";
        return parser.Current is SequenceStart ? YamlClasses.Read(parser, source, form) : Map(parser, source, form);
    }

    /// <summary>Ids and names, or names and ids where all values are numbers.</summary>
    private static LabelDraft Map(Parser parser, string source, string form)
    {
        parser.Consume<MappingStart>();
        var entries = new List<(Scalar Key, Scalar Value)>();
        while (!parser.TryConsume<MappingEnd>(out _))
            entries.Add((YamlText.Of(parser, source), YamlText.Of(parser, source)));
        var isToIds = entries.TrueForAll(entry => IdOf(entry.Value) is not null) && !entries.TrueForAll(entry => IdOf(entry.Key) is not null);
        return NumberedLabels.Draft(form, entries.Select(entry =>
        {
            var (id, name) = isToIds ? (entry.Value, entry.Key) : entry;
            return (IdOf(id) ?? throw new LabelSetException($"{source}, {YamlText.Place(id)}: '{id.Value}' must be an id, a whole number from 0."), new LabelClass { Name = name.Value }, YamlText.Place(entry.Key));
        }), source);
    }

    private static long? IdOf(ParsingEvent value) => value is Scalar scalar ? Ids.Of(scalar.Value) : null;

    [GeneratedRegex("""^(?:---(?:\s|$)|%YAML\s|\s*-\s+\S|\s*(?:[\w.-]+|'[^']*'|"[^"]*")\s*:(?:\s|$))""")]
    private static partial Regex Head();
}
