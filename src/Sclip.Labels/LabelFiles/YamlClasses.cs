using Sclip.Contracts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sclip.Labels;

/// <summary>A list in YAML of names, or of classes with the keys that they have in our JSON: <c>- name: dog</c>, <c>color: "#c08080"</c>, …; ids are taken as well.</summary>
internal static class YamlClasses
{
    /// <exception cref="LabelSetException">An element is no class.</exception>
    public static LabelDraft Read(Parser parser, string source, string form)
    {
        parser.Consume<SequenceStart>();
        var (rows, others) = (new List<(long? Id, LabelClass Class, string Place)>(), new SortedSet<string>(StringComparer.Ordinal));
        var areMaps = false;
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            var place = YamlText.Place(parser.Current);
            if (parser.Current is MappingStart or Scalar && rows.Count > 0 && areMaps != parser.Current is MappingStart)
                throw new LabelSetException($"{source}, {place}: must be a {(areMaps ? "map with 'name'" : "name")}, as the others are.");
            areMaps = parser.Current is MappingStart;
            var (id, label) = areMaps ? Class(parser, source, place, others) : (null, new LabelClass { Name = YamlText.Of(parser, source).Value });
            rows.Add((id, label, place));
        }
        var draft = NumberedLabels.DraftIfAll(form, rows, source);
        if (others.Count > 0)
            draft.Notes.Add($"Passed over: {string.Join(", ", others.Take(5))}{(others.Count > 5 ? $" and {others.Count - 5} more" : "")}.");
        return draft;
    }

    private static (long? Id, LabelClass Class) Class(Parser parser, string source, string place, SortedSet<string> others)
    {
        parser.Consume<MappingStart>();
        var (label, id) = (new LabelClass { Name = "" }, (long?)null);
        var isNamed = false;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = YamlText.Of(parser, source);
            var where = $"{source}, {YamlText.Place(key)}";
            switch (key.Value)
            {
                case "name":
                    (label, isNamed) = (label with { Name = YamlText.Of(parser, source).Value }, true);
                    break;
                case "synonyms":
                    label = label with { Synonyms = YamlText.List(parser, source) };
                    break;
                case "color":
                    label = label with { Color = Color(parser, source, where) };
                    break;
                case "background":
                    label = label with
                    {
                        Background = YamlText.Of(parser, source).Value.ToLowerInvariant() is var flag && flag is "true" or "false" ? flag == "true" : throw new LabelSetException($"{where}, background: must be true or false."),
                    };
                    break;
                case "id":
                    var number = YamlText.Of(parser, source).Value;
                    id = Ids.Of(number) ?? throw new LabelSetException($"{where}: the id '{number}' must be a whole number from 0.");
                    break;
                default:
                    others.Add(key.Value);
                    YamlText.Skip(parser, source);
                    break;
            }
        }
        return isNamed ? (id, label) : throw new LabelSetException($"{source}, {place}: 'name' is missing.");
    }

    private static RgbColor Color(Parser parser, string source, string where) => parser.Current switch
    {
        SequenceStart => ColorText.Parse(string.Join(' ', YamlText.List(parser, source)), $"{where}, color"),
        Scalar { Value: "" } => throw new LabelSetException($"{where}: the color is empty. In YAML, # begins a comment: write it in quotes."),
        _ => ColorText.Parse(YamlText.Of(parser, source).Value, $"{where}, color"),
    };
}
