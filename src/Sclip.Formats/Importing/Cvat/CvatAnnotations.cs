using System.Globalization;
using System.Xml;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Formats.Encodings;
using Sclip.Formats.Regions;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Importing.Cvat;

/// <summary>
/// CVAT for images 1.1: polygons and masks, the higher <c>z_order</c> over the lower, later ones over earlier. One pass finds where each picture's
/// element stands; held are its name and place, some 150 bytes a picture, and its shapes only while it is read.
/// </summary>
internal sealed class CvatAnnotations : IAnnotationSet
{
    private const string FileName = "annotations.xml";
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, ConformanceLevel = ConformanceLevel.Fragment };
    private readonly FilePieces _file;
    private readonly ImageLimits _limits;
    private readonly List<string> _names = [];
    private readonly Dictionary<string, XmlPiece> _pictures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ushort> _labels;

    private CvatAnnotations(FilePieces file, ImportOptions options, CancellationToken cancellationToken)
    {
        (_file, _limits) = (file, options.Limits);
        var others = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var meta = LookThrough(others, cancellationToken);
        var named = meta is { } piece ? Labels(piece) : [];
        if (named.Count == 0)
            named = [.. options.Labels ?? throw new ImportException($"{file.Path} names no labels in <meta>. Give them by --labels.")];
        _labels = named.Index().ToDictionary(item => item.Item.Name, item => (ushort)item.Index, StringComparer.Ordinal);
        Classes = ImportFiles.Classes(file.Path, named);
        if (others.Count > 0)
            Notices = [$"Not read, since they are no masks: {string.Join(", ", others.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Value} <{item.Key}>")))}."];
    }

    public string Form => "CVAT for images";

    public IReadOnlyList<LabelClass> Classes { get; }

    public bool LeavesBackground => true;

    public IReadOnlyList<string> Notices { get; } = [];

    /// <summary>Opens CVAT's file, or a folder that it is in; null for anything else.</summary>
    public static IAnnotationSet? TryOpen(string path, ImportOptions options, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            path = Path.Combine(path, FileName);
        if (!File.Exists(path) || !IsRootAnnotations(path))
            return null;
        var file = new FilePieces(path, options.Limits);
        try
        {
            return new CvatAnnotations(file, options, cancellationToken);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public IEnumerable<string> Pictures(CancellationToken cancellationToken) => _names;

    public long PixelsOf(string picture) => _pictures.TryGetValue(picture, out var piece) ? piece.Pixels : 0;

    public LabelMap Read(string picture)
    {
        if (!_pictures.TryGetValue(picture, out var piece))
            throw new ImportException($"{JobNames.Shown(picture)}: {_file.Path} has no such picture.");
        var map = default(LabelMap);
        var shapes = new List<Shape>();
        Go(piece, xml =>
        {
            if (xml.Depth == 0)
                map = ImportFiles.Empty(picture, Number(xml, piece, "width"), Number(xml, piece, "height"), _limits);
            else if (xml.Depth == 1 && xml.Name is "polygon" or "mask")
                shapes.Add(ShapeOf(xml, piece, map!));
        });
        foreach (var shape in shapes.OrderBy(shape => shape.Order))
            shape.Paint(map!);
        return map!;
    }

    public void Dispose() => _file.Dispose();

    private static bool IsRootAnnotations(string path)
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

    /// <summary>Finds the pictures, counts the shapes that are not read, and returns where the labels are told.</summary>
    private XmlPiece? LookThrough(SortedDictionary<string, long> others, CancellationToken cancellationToken)
    {
        using var stream = File.OpenRead(_file.Path);
        var tags = new XmlTags(stream, _file.Path);
        XmlPiece? meta = null;
        var open = new Stack<(string Name, XmlPiece Start)>();
        while (tags.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!tags.IsEnd)
            {
                Meet(tags.Name, open, others, tags.Line);
                open.Push((tags.Name, new XmlPiece(new FilePiece(tags.Start, tags.Next - tags.Start), tags.Line)));
            }
            if (!tags.IsEnd && !tags.IsEmpty)
                continue;
            if (!open.TryPop(out var element) || element.Name != tags.Name)
                throw new ImportException($"{_file.Path}, line {tags.Line}: not valid XML: </{JobNames.Shown(tags.Name)}> ends what is not open.");
            var piece = element.Start with { Bytes = new FilePiece(element.Start.Bytes.Start, tags.Next - element.Start.Bytes.Start) };
            if (open.Count == 1 && element.Name == "image")
                Add(element.Start, piece, tags.IsEmpty && !tags.IsEnd);
            else if (open.Count == 1 && element.Name == "meta")
                meta = piece;
        }
        return open.Count == 0 ? meta : throw new ImportException($"{_file.Path}: it ends before <{JobNames.Shown(open.Peek().Name)}> of line {open.Peek().Start.Line} does: it is cut off. Export it again.");
    }

    private void Meet(string name, Stack<(string Name, XmlPiece Start)> open, SortedDictionary<string, long> others, long line)
    {
        if (open.Count == 1 && name == "track")
            throw new ImportException($"{_file.Path}, line {line}: it has tracks, as CVAT for video writes them. Export the task as 'CVAT for images 1.1'.");
        if (open.Count == 2 && open.Peek().Name == "image" && name is not ("polygon" or "mask"))
            others[JobNames.Shown(name)] = others.GetValueOrDefault(JobNames.Shown(name)) + 1;
    }

    private void Add(XmlPiece tag, XmlPiece piece, bool isEmpty)
    {
        byte[] head = [.. _file.Read(tag.Bytes, $"{_file.Path}, line {tag.Line}"), .. isEmpty ? [] : "</image>"u8];
        using var xml = XmlReader.Create(new MemoryStream(head), Settings);
        string? name;
        long pixels;
        try
        {
            xml.MoveToContent();
            name = xml.GetAttribute("name");
            pixels = ImportFiles.Pixels(SideOf(xml, "width"), SideOf(xml, "height"));
        }
        catch (XmlException error)
        {
            throw Invalid(error, tag);
        }
        if (name is null)
            throw new ImportException($"{_file.Path}, line {tag.Line}: an <image> has no name.");
        if (JobNames.Refusal(name) is { } refusal)
            throw new ImportException($"{_file.Path}, line {tag.Line}: the picture '{JobNames.Shown(name)}': {refusal}");
        if (!_pictures.TryAdd(name, piece with { Pixels = pixels }))
            throw new ImportException($"{_file.Path}, line {tag.Line}: the picture '{JobNames.Shown(name)}' is there twice, first in line {_pictures[name].Line}.");
        _names.Add(name);
    }

    /// <summary>The labels of a task, job or project; parts of a skeleton are none of their own.</summary>
    private List<LabelClass> Labels(XmlPiece meta)
    {
        var (labels, isPart) = (new List<LabelClass>(), false);
        string? name = null, color = null;
        Go(meta, xml =>
        {
            switch (xml.Name)
            {
                case "label":
                    Keep();
                    (name, color, isPart) = ("", null, false);
                    break;
                case "name" when name == "":
                    name = xml.ReadString();
                    break;
                case "color" when name is not null && color is null:
                    color = xml.ReadString();
                    break;
                case "parent":
                    isPart = true;
                    break;
            }
        });
        Keep();
        return labels;

        void Keep()
        {
            if (name is { Length: > 0 } && !isPart && !labels.Exists(label => label.Name == name))
                labels.Add(new LabelClass { Name = name, Color = RgbColor.TryParse(color, out var rgb) ? rgb : null });
        }
    }

    private Shape ShapeOf(XmlReader xml, XmlPiece piece, LabelMap map)
    {
        var where = Where(xml, piece);
        var name = xml.GetAttribute("label") ?? throw new ImportException($"{where}: a <{xml.Name}> has no label.");
        if (!_labels.TryGetValue(name, out var label))
            throw new ImportException($"{where}: the label '{JobNames.Shown(name)}' is not among those of <meta>.");
        var order = xml.GetAttribute("z_order") is null ? 0 : Number(xml, piece, "z_order");
        if (xml.Name == "polygon")
        {
            var ring = PointText.Parse(xml.GetAttribute("points") ?? "", where);
            return new Shape(order, target => PolygonFill.Paint(target, ring, label));
        }
        var (left, top, width, height) = (Number(xml, piece, "left"), Number(xml, piece, "top"), Number(xml, piece, "width"), Number(xml, piece, "height"));
        if (left < 0 || top < 0 || width < 1 || height < 1 || left + width > map.Width || top + height > map.Height)
            throw new ImportException($"{where}: the mask's bounds ({left}, {top}, {width} x {height}) lie outside the picture of {map.Width} x {map.Height}.");
        var (rle, box) = (xml.GetAttribute("rle") ?? "", new Box((int)left, (int)top, (int)(left + width), (int)(top + height)));
        return new Shape(order, target =>
        {
            if (CvatRle.Paint(target, rle, box, label) is { } fault)
                throw new ImportException($"{where}: the mask's run lengths {fault}.");
        });
    }

    private long Number(XmlReader xml, XmlPiece piece, string name) => xml.GetAttribute(name) is { } text
        ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new ImportException($"{Where(xml, piece)}: {name} of <{xml.Name}> is '{JobNames.Shown(text)}', and must be a whole number.")
        : throw new ImportException($"{Where(xml, piece)}: <{xml.Name}> has no {name}.");

    private static long? SideOf(XmlReader xml, string name) => int.TryParse(xml.GetAttribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var side) ? side : null;

    private string Where(XmlReader xml, XmlPiece piece) => $"{_file.Path}, line {piece.Line + ((IXmlLineInfo)xml).LineNumber - 1}";

    /// <summary>Goes through the elements of a part.</summary>
    private void Go(XmlPiece piece, Action<XmlReader> take)
    {
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(_file.Read(piece.Bytes, $"{_file.Path}, line {piece.Line}")), Settings);
            while (xml.Read())
                if (xml.NodeType == XmlNodeType.Element)
                    take(xml);
        }
        catch (XmlException error)
        {
            throw Invalid(error, piece);
        }
    }

    private ImportException Invalid(XmlException error, XmlPiece piece) => new($"{_file.Path}, line {piece.Line + Math.Max(1, error.LineNumber) - 1}: not valid XML: {JobNames.Shown(error.Message)}", error);

    /// <summary>An element, the line that it starts in, from 1 on, and of a picture its pixels.</summary>
    private readonly record struct XmlPiece(FilePiece Bytes, long Line, long Pixels = 0);

    private readonly record struct Shape(long Order, Action<LabelMap> Paint);
}
