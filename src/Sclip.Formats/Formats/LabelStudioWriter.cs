using System.Text;
using System.Text.Json;
using System.Xml;
using Sclip.Formats.Encodings;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;
using Sclip.Labels;

namespace Sclip.Formats.Formats;

/// <summary>
/// Label Studio: <c>tasks.json</c>, a task a picture with its labels as a prediction (a brush a class, or a polygon a region) and its mean
/// confidence as the score, and <c>label_config.xml</c>, the labelling setup that goes with it.
/// </summary>
internal sealed class LabelStudioWriter : IFormatWriter
{
    private static readonly XmlWriterSettings Settings = new() { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true, CloseOutput = true, Encoding = new UTF8Encoding(false) };
    private readonly ExportContext _context;
    private readonly FileStream _tasks;
    private bool _any;

    public LabelStudioWriter(ExportContext context)
    {
        _context = context;
        _tasks = context.Folder.Create("tasks.json");
        _tasks.Write("["u8);
        using var config = XmlWriter.Create(context.Folder.Create("label_config.xml"), Settings);
        config.WriteStartElement("View");
        config.WriteStartElement("Image");
        config.WriteAttributeString("name", "image");
        config.WriteAttributeString("value", "$image");
        config.WriteEndElement();
        config.WriteStartElement(IsPolygon ? "PolygonLabels" : "BrushLabels");
        config.WriteAttributeString("name", "label");
        config.WriteAttributeString("toName", "image");
        foreach (var (index, label) in context.KeptClasses)
        {
            config.WriteStartElement("Label");
            config.WriteAttributeString("value", label.Name);
            config.WriteAttributeString("background", context.Colors[index].ToString());
            config.WriteEndElement();
        }
    }

    private bool IsPolygon => _context.Options.Shapes == ExportShapes.Polygon;

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var loss = default(PolygonLoss);
        var task = JsonText.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("data");
            json.WriteString("image", AddressOf(picture));
            // A picture of background alone has no result that tells its size.
            json.WriteNumber("width", picture.Map.Width);
            json.WriteNumber("height", picture.Map.Height);
            json.WriteEndObject();
            json.WriteStartArray("predictions");
            json.WriteStartObject();
            json.WriteString("model_version", "sclip");
            if (picture.Confidence is { } score)
                json.WriteNumber("score", score);
            json.WriteStartArray("result");
            if (IsPolygon)
                loss = WritePolygons(json, picture.Regions);
            else
                WriteBrushes(json, picture.Map);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return new EncodedPicture([], async token =>
        {
            await _tasks.WriteAsync(_any ? ",\n"u8.ToArray() : "\n"u8.ToArray(), token);
            await _tasks.WriteAsync(task, token);
            _any = true;
        }, Loss: loss);
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _tasks.WriteAsync("\n]\n"u8.ToArray(), cancellationToken);
        await _tasks.FlushAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _tasks.DisposeAsync();

    /// <summary>Where a picture is: behind a prefix that is an address of the web, or has a query, its name is escaped as a part of that; the prefix stays as it is.</summary>
    private string AddressOf(LabelledPicture picture)
    {
        var prefix = _context.Options.ImagePrefix;
        return prefix.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || prefix.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || prefix.Contains('?', StringComparison.Ordinal)
            ? prefix + string.Join('/', picture.Image.Split('/').Select(Uri.EscapeDataString))
            : _context.NameOf(picture);
    }

    private void WriteBrushes(Utf8JsonWriter json, LabelMap map)
    {
        foreach (var region in ClassRegions.Of(map, _context.Classes.Count))
        {
            WriteHead(json, $"brush-{region.Class}", "brushlabels", map.Width, map.Height);
            json.WriteString("format", "rle");
            json.WriteStartArray("rle");
            foreach (var value in LabelStudioRle.Encode(map, region.Class))
                json.WriteNumberValue(value);
            json.WriteEndArray();
            WriteEnd(json, "brushlabels", region);
        }
    }

    private PolygonLoss WritePolygons(Utf8JsonWriter json, RegionMap regions)
    {
        var outlines = new Outlines(regions, _context.Options.Tolerance);
        foreach (var region in regions.Regions)
        {
            WriteHead(json, $"polygon-{region.Index}", "polygonlabels", regions.Width, regions.Height);
            json.WriteBoolean("closed", true);
            json.WriteStartArray("points");
            foreach (var vertex in outlines.Ring(region))
            {
                json.WriteStartArray();
                json.WriteNumberValue(Percent(vertex.X, regions.Width));
                json.WriteNumberValue(Percent(vertex.Y, regions.Height));
                json.WriteEndArray();
            }
            json.WriteEndArray();
            WriteEnd(json, "polygonlabels", region);
        }
        return outlines.Loss;
    }

    private static double Percent(double coordinate, int length) => Math.Round(100 * coordinate / length, 6);

    private static void WriteHead(Utf8JsonWriter json, string id, string type, int width, int height)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("type", type);
        json.WriteString("from_name", "label");
        json.WriteString("to_name", "image");
        json.WriteNumber("original_width", width);
        json.WriteNumber("original_height", height);
        json.WriteNumber("image_rotation", 0);
        json.WriteStartObject("value");
    }

    private void WriteEnd(Utf8JsonWriter json, string type, Region region)
    {
        json.WriteStartArray(type);
        json.WriteStringValue(_context.Classes[region.Class].Name);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
