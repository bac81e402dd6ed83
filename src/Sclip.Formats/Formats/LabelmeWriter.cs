using System.Text.Json;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;
using Sclip.Imaging;

namespace Sclip.Formats.Formats;

/// <summary>
/// Labelme: <c>images/NAME.json</c> beside each picture, a polygon or a mask a region, and <c>labels.txt</c> as its converters want it. It draws polygons by
/// Pillow, whose corners are pixels; exact ones give the mask back each by itself, and of simplified ones, which may overlap, smaller regions come later and win.
/// </summary>
internal sealed class LabelmeWriter : IFormatWriter
{
    private const int FewestPoints = 3;
    private static readonly string[] FirstLabels = ["__ignore__", "_background_"];
    private readonly ExportContext _context;

    public LabelmeWriter(ExportContext context)
    {
        _context = context;
        using var labels = new StreamWriter(context.Folder.Create("labels.txt"));
        // Pixels without a shape are of "_background_"; what is left out otherwise keeps its place.
        foreach (var name in FirstLabels.Concat(context.Classes.Where((_, i) => i != context.Background || context.Kept[i]).Select(label => label.Name)).Distinct())
            labels.Write(name + "\n");
    }

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var regions = picture.Regions;
        using var outlines = _context.Options.Shapes == ExportShapes.Mask ? null : new CentreOutlines(regions, _context.Options.Tolerance);
        var file = JsonText.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteString("version", "5.5.0");
            WriteNoFlags(json);
            json.WriteStartArray("shapes");
            foreach (var region in regions.Regions.OrderByDescending(region => region.Area))
            {
                json.WriteStartObject();
                json.WriteString("label", _context.Classes[region.Class].Name);
                json.WriteStartArray("points");
                foreach (var point in outlines is null ? [new Vertex(region.Box.Left, region.Box.Top), new Vertex(region.Box.Right - 1, region.Box.Bottom - 1)] : Points(outlines.Ring(region)))
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(JsonText.Rounded(point.X));
                    json.WriteNumberValue(JsonText.Rounded(point.Y));
                    json.WriteEndArray();
                }
                json.WriteEndArray();
                json.WriteNull("group_id");
                json.WriteString("description", "");
                json.WriteString("shape_type", outlines is null ? "mask" : "polygon");
                WriteNoFlags(json);
                if (outlines is null)
                    json.WriteBase64String("mask", Mask(regions, region));
                else
                    json.WriteNull("mask");
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("imagePath", Path.GetFileName(picture.Image));
            json.WriteNull("imageData");
            json.WriteNumber("imageHeight", regions.Height);
            json.WriteNumber("imageWidth", regions.Width);
            json.WriteEndObject();
        });
        return new EncodedPicture([new PictureFile($"images/{picture.Stem}.json", file)], Loss: outlines?.Loss ?? default);
    }

    public Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A ring with as many points as a polygon must have.</summary>
    private static IEnumerable<Vertex> Points(IReadOnlyList<Vertex> ring) => ring.Concat(Enumerable.Repeat(ring[^1], Math.Max(0, FewestPoints - ring.Count)));

    /// <summary>A PNG of the region's bounds, 1 where it is.</summary>
    private static byte[] Mask(RegionMap map, Region region)
    {
        var box = region.Box;
        var pixels = new byte[box.Width * box.Height];
        for (var i = 0; i < pixels.Length; i++)
            if (map.Ids[(box.Top + i / box.Width) * map.Width + box.Left + i % box.Width] == region.Index)
                pixels[i] = 1;
        return PngWriter.Grey(pixels, box.Width, box.Height);
    }

    private static void WriteNoFlags(Utf8JsonWriter json)
    {
        json.WriteStartObject("flags");
        json.WriteEndObject();
    }
}
