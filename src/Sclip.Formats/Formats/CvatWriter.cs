using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using Sclip.Formats.Encodings;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;

namespace Sclip.Formats.Formats;

/// <summary>
/// CVAT for images 1.1: <c>annotations.xml</c>, each region a polygon, or a mask where it has holes, which CVAT's polygons do not know; and
/// <c>labels_raw.json</c>, the labels as CVAT's constructor of labels takes them in its field "Raw".
/// </summary>
internal sealed class CvatWriter : IFormatWriter
{
    private static readonly XmlWriterSettings Settings = new() { Indent = true, NewLineChars = "\n", ConformanceLevel = ConformanceLevel.Fragment, Encoding = new UTF8Encoding(false) };
    private readonly ExportContext _context;
    private readonly FileStream _file;
    private long _masks;

    public CvatWriter(ExportContext context)
    {
        _context = context;
        _file = context.Folder.Create("annotations.xml");
        _file.Write("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n"u8);
        _file.Write(Fragment(WriteHead));
        using var labels = context.Folder.Create("labels_raw.json");
        labels.Write(JsonText.Bytes(WriteLabels));
    }

    public EncodedPicture Encode(LabelledPicture picture)
    {
        try
        {
            XmlConvert.VerifyXmlChars(_context.NameOf(picture));
        }
        catch (XmlException)
        {
            throw new PictureException("its name holds characters that XML cannot. Rename it and label it again.");
        }
        var shapes = _context.Options.Shapes;
        var outlines = shapes == ExportShapes.Mask ? null : new Outlines(picture.Regions, _context.Options.Tolerance);
        var masks = shapes == ExportShapes.Auto ? picture.Regions.Regions.Count(outlines!.HasHoles) : 0;
        var fragment = Fragment(xml => WriteImage(xml, picture, outlines));
        return new EncodedPicture([], token =>
        {
            _masks += masks;
            return _file.WriteAsync(fragment, token).AsTask();
        }, Loss: outlines?.Loss ?? default);
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _file.WriteAsync("</annotations>\n"u8.ToArray(), cancellationToken);
        await _file.FlushAsync(cancellationToken);
        if (_masks > 0 && _context.Options.Reader is null)
            _context.Notices.Add($"Regions with holes ({_masks}) are masks, which CVAT reads, and FiftyOne and CVAT's fork of Datumaro leave out without a word: for these, --shapes polygon.");
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static byte[] Fragment(Action<XmlWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Settings))
            write(xml);
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private void WriteHead(XmlWriter xml)
    {
        xml.WriteElementString("version", "1.1");
        xml.WriteStartElement("meta");
        xml.WriteStartElement("task");
        xml.WriteElementString("name", "sclip");
        xml.WriteElementString("mode", "annotation");
        xml.WriteStartElement("labels");
        foreach (var (index, label) in _context.KeptClasses)
        {
            xml.WriteStartElement("label");
            xml.WriteElementString("name", label.Name);
            xml.WriteElementString("color", _context.Colors[index].ToString());
            xml.WriteElementString("type", "any");
            xml.WriteElementString("attributes", "");
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private void WriteLabels(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var (index, label) in _context.KeptClasses)
        {
            json.WriteStartObject();
            json.WriteString("name", label.Name);
            json.WriteString("color", _context.Colors[index].ToString());
            json.WriteString("type", "any");
            json.WriteStartArray("attributes");
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteImage(XmlWriter xml, LabelledPicture picture, Outlines? outlines)
    {
        var (regions, shapes) = (picture.Regions, _context.Options.Shapes);
        xml.WriteStartElement("image");
        xml.WriteAttributeString("id", Text(picture.Number - 1));
        xml.WriteAttributeString("name", _context.NameOf(picture));
        xml.WriteAttributeString("width", Text(regions.Width));
        xml.WriteAttributeString("height", Text(regions.Height));
        foreach (var region in regions.Regions)
        {
            var isMask = outlines is null || (shapes == ExportShapes.Auto && outlines.HasHoles(region));
            xml.WriteStartElement(isMask ? "mask" : "polygon");
            xml.WriteAttributeString("label", _context.Classes[region.Class].Name);
            xml.WriteAttributeString("source", "auto");
            xml.WriteAttributeString("occluded", "0");
            if (isMask)
            {
                xml.WriteAttributeString("rle", CvatRle.Encode(regions, region));
                xml.WriteAttributeString("left", Text(region.Box.Left));
                xml.WriteAttributeString("top", Text(region.Box.Top));
                xml.WriteAttributeString("width", Text(region.Box.Width));
                xml.WriteAttributeString("height", Text(region.Box.Height));
            }
            else
            {
                xml.WriteAttributeString("points", string.Join(';', outlines!.Ring(region).Select(vertex => string.Create(CultureInfo.InvariantCulture, $"{vertex.X:0.00},{vertex.Y:0.00}"))));
            }
            xml.WriteAttributeString("z_order", "0");
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
