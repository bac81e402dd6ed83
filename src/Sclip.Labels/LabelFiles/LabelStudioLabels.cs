using System.Text.RegularExpressions;
using System.Xml;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>Label Studio's labelling configuration: the <c>Label</c> elements, <c>value</c> the name and <c>background</c> the colour.</summary>
internal static partial class LabelStudioLabels
{
    /// <exception cref="LabelSetException">It is no XML, or has no labels.</exception>
    public static LabelDraft Parse(string text, string source)
    {
        if (Page().IsMatch(text))
            throw new LabelSetException($"{source}: a page of HTML, and no label file; give the file itself that the page shows.");
        var draft = new LabelDraft("Label Studio configuration");
        var controls = new List<string>();
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            // External entities and document types have no place in a list of names.
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            reader.MoveToContent();
            var root = reader.Name;
            do
            {
                if (reader.NodeType != XmlNodeType.Element)
                    continue;
                if (reader.Name.EndsWith("Labels", StringComparison.Ordinal))
                    controls.Add(reader.Name);
                else if (reader.Name == "Label" && controls.Count > 0 && Read(reader, source, out var place) is var label && known.Add(label.Name))
                    draft.Add(label, place);
            }
            while (reader.Read());
            if (controls.Count == 0)
                throw new LabelSetException($"{source}: XML of <{root}>, and no Label Studio configuration: there are no <Label> elements in a control such as <BrushLabels>.");
        }
        catch (XmlException error)
        {
            // The parser would name a setting of its own.
            var reason = text.Contains("<!DOCTYPE", StringComparison.Ordinal) ? "it has a document type, which is not read; remove <!DOCTYPE …>." : Short(error.Message);
            throw new LabelSetException($"{source}, line {Math.Max(1, error.LineNumber)}: not valid XML: {reason}", error);
        }
        if (controls.Count > 1)
            draft.Notes.Add($"The labels of {controls.Count} controls are taken together: {string.Join(", ", controls)}.");
        return draft;
    }

    // It names all elements that are open.
    private static string Short(string message) => message.Length > 200 ? message[..200] + "…" : message;

    private static LabelClass Read(XmlReader reader, string source, out string place)
    {
        place = $"line {((IXmlLineInfo)reader).LineNumber}";
        var where = $"{source}, {place}";
        var name = reader.GetAttribute("value") ?? throw new LabelSetException($"{where}: a Label has no value.");
        if (name.StartsWith('$'))
            throw new LabelSetException($"{where}: '{name}' stands for labels of each task, which are not in the configuration.");
        return new LabelClass { Name = name, Color = reader.GetAttribute("background") is { Length: > 0 } color ? ColorText.Parse(color, where) : null };
    }

    [GeneratedRegex(@"^\s*(?><!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>])", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Page();
}
