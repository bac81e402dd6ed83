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
/// CVAT for images 1.1: polygons and masks, the higher <c>z_order</c> over the lower, later ones over earlier. A picture's shapes
/// are held only while it is read.
/// </summary>
internal sealed class CvatAnnotations : IAnnotationSet
{
    private const string FileName = "annotations.xml";
    private readonly FilePieces _file;
    private readonly ImageLimits _limits;
    private readonly CvatScan _scan;
    private readonly Dictionary<string, ushort> _labels;

    private CvatAnnotations(FilePieces file, ImportOptions options, CancellationToken cancellationToken)
    {
        (_file, _limits, _scan) = (file, options.Limits, new CvatScan(file, cancellationToken));
        var named = _scan.Meta is { } meta ? Labels(meta) : [];
        if (named.Count == 0)
            named = [.. options.Labels ?? throw new ImportException($"{file.Path} names no labels in <meta>. Give them by --labels.")];
        _labels = named.Index().ToDictionary(item => item.Item.Name, item => (ushort)item.Index, StringComparer.Ordinal);
        Classes = ImportFiles.Classes(file.Path, named);
        if (_scan.Others.Count > 0)
            Notices = [$"Not read, since they are no masks: {string.Join(", ", _scan.Others.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Value} <{item.Key}>")))}."];
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
        if (!File.Exists(path) || !CvatScan.IsAnnotations(path))
            return null;
        return FilePieces.Open(path, options.Limits, file => new CvatAnnotations(file, options, cancellationToken));
    }

    public IEnumerable<string> Pictures(CancellationToken cancellationToken) => _scan.Names;

    public long PixelsOf(string picture) => _scan.Pictures.TryGetValue(picture, out var element) ? element.Pixels : 0;

    public LabelMap Read(string picture)
    {
        if (!_scan.Pictures.TryGetValue(picture, out var element))
            throw new ImportException($"{JobNames.Shown(picture)}: {_file.Path} has no such picture.");
        var map = default(LabelMap);
        var shapes = new List<Shape>();
        element.Visit(_file, xml =>
        {
            if (xml.Depth == 0)
                map = ImportFiles.Empty(picture, Number(xml, element, "width"), Number(xml, element, "height"), _limits);
            else if (xml.Depth == 1 && xml.Name is "polygon" or "mask")
                shapes.Add(ShapeOf(xml, element, map!));
        });
        foreach (var shape in shapes.OrderBy(shape => shape.Order))
            shape.Paint(map!);
        return map!;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The labels of a task, job or project; parts of a skeleton are none of their own.</summary>
    private List<LabelClass> Labels(CvatElement meta)
    {
        var (labels, isPart) = (new List<LabelClass>(), false);
        string? name = null, color = null;
        meta.Visit(_file, xml =>
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

    private Shape ShapeOf(XmlReader xml, CvatElement picture, LabelMap map)
    {
        var where = picture.Where(_file, xml);
        var name = xml.GetAttribute("label") ?? throw new ImportException($"{where}: a <{xml.Name}> has no label.");
        if (!_labels.TryGetValue(name, out var label))
            throw new ImportException($"{where}: the label '{JobNames.Shown(name)}' is not among those of <meta>.");
        var order = xml.GetAttribute("z_order") is null ? 0 : Number(xml, picture, "z_order");
        if (xml.Name == "polygon")
        {
            var ring = PointText.Parse(xml.GetAttribute("points") ?? "", where);
            return new Shape(order, target => PolygonFill.Paint(target, ring, label));
        }
        var (left, top, width, height) = (Number(xml, picture, "left"), Number(xml, picture, "top"), Number(xml, picture, "width"), Number(xml, picture, "height"));
        if (left < 0 || top < 0 || width < 1 || height < 1 || left + width > map.Width || top + height > map.Height)
            throw new ImportException($"{where}: the mask's bounds ({left}, {top}, {width} x {height}) lie outside the picture of {map.Width} x {map.Height}.");
        var (rle, box) = (xml.GetAttribute("rle") ?? "", new Box((int)left, (int)top, (int)(left + width), (int)(top + height)));
        return new Shape(order, target =>
        {
            if (CvatRle.Paint(target, rle, box, label) is { } fault)
                throw new ImportException($"{where}: the mask's run lengths {fault}.");
        });
    }

    private long Number(XmlReader xml, CvatElement picture, string name) => xml.GetAttribute(name) is { } text
        ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new ImportException($"{picture.Where(_file, xml)}: {name} of <{xml.Name}> is '{JobNames.Shown(text)}', and must be a whole number.")
        : throw new ImportException($"{picture.Where(_file, xml)}: <{xml.Name}> has no {name}.");

    private readonly record struct Shape(long Order, Action<LabelMap> Paint);
}
