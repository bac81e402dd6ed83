using System.Globalization;
using System.Xml;
using Sclip.Contracts.Jobs;

namespace Sclip.Formats.Importing.Cvat;

/// <summary>Goes through CVAT's file once: finds where the element of each picture stands, and where the labels are told. Held are a picture's name and place, some 150 bytes.</summary>
internal sealed class CvatScan
{
    private readonly FilePieces _file;
    private readonly List<string> _names = [];
    private readonly Dictionary<string, CvatElement> _pictures = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _others = new(StringComparer.Ordinal);

    /// <summary>Goes through a file.</summary>
    /// <exception cref="ImportException">It is damaged, of CVAT for video, or names a picture twice or badly.</exception>
    public CvatScan(FilePieces file, CancellationToken cancellationToken)
    {
        _file = file;
        using var stream = File.OpenRead(file.Path);
        var tags = new XmlTags(stream, file.Path);
        var open = new Stack<(string Name, CvatElement Start)>();
        while (tags.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!tags.IsEnd)
            {
                Meet(tags.Name, open, tags.Line);
                open.Push((tags.Name, new CvatElement(new FilePiece(tags.Start, tags.Next - tags.Start), tags.Line)));
            }
            if (!tags.IsEnd && !tags.IsEmpty)
                continue;
            if (!open.TryPop(out var element) || element.Name != tags.Name)
                throw new ImportException($"{file.Path}, line {tags.Line}: not valid XML: </{JobNames.Shown(tags.Name)}> ends what is not open.");
            var whole = element.Start with { Bytes = new FilePiece(element.Start.Bytes.Start, tags.Next - element.Start.Bytes.Start) };
            if (open.Count == 1 && element.Name == "image")
                Add(element.Start, whole, tags.IsEmpty && !tags.IsEnd);
            else if (open.Count == 1 && element.Name == "meta")
                Meta = whole;
        }
        if (open.Count > 0)
            throw new ImportException($"{file.Path}: it ends before <{JobNames.Shown(open.Peek().Name)}> of line {open.Peek().Start.Line} does: it is cut off. Export it again.");
    }

    /// <summary>The names of the pictures, in the file's order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Where the pictures stand, by name.</summary>
    public IReadOnlyDictionary<string, CvatElement> Pictures => _pictures;

    /// <summary>Where the labels are told; null where nowhere.</summary>
    public CvatElement? Meta { get; }

    /// <summary>How many shapes of each kind there are that are no masks.</summary>
    public IReadOnlyDictionary<string, long> Others => _others;

    /// <summary>Whether a file is CVAT's, by its first tag.</summary>
    public static bool IsAnnotations(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[64];
        var text = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (text.StartsWith<byte>([0xEF, 0xBB, 0xBF]))
            text = text[3..];
        if (!text.TrimStart(" \t\r\n"u8).StartsWith("<"u8))
            return false;
        stream.Position = 0;
        return new XmlTags(stream, path) is var tags && tags.MoveNext() && tags.Name == "annotations";
    }

    private void Meet(string name, Stack<(string Name, CvatElement Start)> open, long line)
    {
        if (open.Count == 1 && name == "track")
            throw new ImportException($"{_file.Path}, line {line}: it has tracks, as CVAT for video writes them. Export the task as 'CVAT for images 1.1'.");
        if (open.Count == 2 && open.Peek().Name == "image" && name is not ("polygon" or "mask"))
            _others[JobNames.Shown(name)] = _others.GetValueOrDefault(JobNames.Shown(name)) + 1;
    }

    private void Add(CvatElement tag, CvatElement whole, bool isEmpty)
    {
        var (name, pixels) = (default(string), 0L);
        tag.VisitTag(_file, isEmpty, xml => (name, pixels) = (xml.GetAttribute("name"), ImportFiles.Pixels(SideOf(xml, "width"), SideOf(xml, "height"))));
        if (name is null)
            throw new ImportException($"{_file.Path}, line {tag.Line}: an <image> has no name.");
        if (JobNames.Refusal(name) is { } refusal)
            throw new ImportException($"{_file.Path}, line {tag.Line}: the picture '{JobNames.Shown(name)}': {refusal}");
        if (!_pictures.TryAdd(name, whole with { Pixels = pixels }))
            throw new ImportException($"{_file.Path}, line {tag.Line}: the picture '{JobNames.Shown(name)}' is there twice, first in line {_pictures[name].Line}.");
        _names.Add(name);
    }

    private static long? SideOf(XmlReader xml, string name) => int.TryParse(xml.GetAttribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var side) ? side : null;
}
