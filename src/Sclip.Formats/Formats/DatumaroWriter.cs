using System.Text.Json;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;

namespace Sclip.Formats.Formats;

/// <summary>
/// Datumaro's own JSON: <c>annotations/SPLIT.json</c>, an item a picture, with a mask a region in COCO's compressed run lengths. Its pictures are
/// <c>images/SPLIT/NAME</c>; an item's id is the name without ending.
/// </summary>
internal sealed class DatumaroWriter : IFormatWriter
{
    private const int ImageMedia = 2;
    private readonly ExportContext _context;
    private readonly PerSplit<FileStream> _files;
    private readonly HashSet<string> _begun = [];
    private long _lastMask;

    public DatumaroWriter(ExportContext context)
    {
        _context = context;
        var head = JsonText.Bytes(WriteHead);
        _files = new PerSplit<FileStream>(context.Splits, split =>
        {
            var file = context.Folder.Create($"annotations/{split}.json");
            file.Write(head);
            return file;
        });
    }

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var regions = picture.Regions;
        var masks = regions.Regions.Select(region => CocoSegment.Mask(regions, region)).ToArray();
        return new EncodedPicture([], async token =>
        {
            await _files[picture].WriteAsync(_begun.Add(picture.Split) ? "\n"u8.ToArray() : ",\n"u8.ToArray(), token);
            await _files[picture].WriteAsync(JsonText.Bytes(json => WriteItem(json, picture, regions, masks)), token);
        }, Key: $"{picture.Split}/{picture.Stem}");
    }

    public Task EndAsync(CancellationToken cancellationToken) => _files.ForEachAsync(async file =>
    {
        await file.WriteAsync("\n]}\n"u8.ToArray(), cancellationToken);
        await file.FlushAsync(cancellationToken);
    });

    public ValueTask DisposeAsync() => _files.DisposeAsync();

    /// <summary>All up to the items. A class is its place in the list, so that those that are left out keep theirs.</summary>
    private void WriteHead(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("dm_format_version", "1.0");
        json.WriteNumber("media_type", ImageMedia);
        json.WriteStartObject("infos");
        json.WriteEndObject();
        json.WriteStartObject("categories");
        json.WriteStartObject("label");
        json.WriteStartArray("labels");
        foreach (var label in _context.Classes)
        {
            json.WriteStartObject();
            json.WriteString("name", label.Name);
            json.WriteString("parent", "");
            WriteEmpty(json, "attributes");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteEmpty(json, "label_groups");
        WriteEmpty(json, "attributes");
        json.WriteEndObject();
        json.WriteStartObject("mask");
        json.WriteStartArray("colormap");
        foreach (var (index, color) in _context.Colors.Index())
        {
            json.WriteStartObject();
            json.WriteNumber("label_id", index);
            json.WriteNumber("r", color.R);
            json.WriteNumber("g", color.G);
            json.WriteNumber("b", color.B);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("items");
    }

    private void WriteItem(Utf8JsonWriter json, LabelledPicture picture, RegionMap regions, byte[][] masks)
    {
        json.WriteStartObject();
        json.WriteString("id", picture.Stem);
        json.WriteStartArray("annotations");
        foreach (var region in regions.Regions)
        {
            json.WriteStartObject();
            json.WriteNumber("id", ++_lastMask);
            json.WriteString("type", "mask");
            json.WriteStartObject("attributes");
            json.WriteEndObject();
            json.WriteNumber("group", 0);
            json.WriteNumber("label_id", region.Class);
            json.WritePropertyName("rle");
            json.WriteRawValue(masks[region.Index], skipInputValidation: true);
            json.WriteNumber("z_order", 0);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("image");
        json.WriteString("path", picture.Image);
        json.WriteStartArray("size");
        json.WriteNumberValue(regions.Height);
        json.WriteNumberValue(regions.Width);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteEmpty(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        json.WriteEndArray();
    }
}
