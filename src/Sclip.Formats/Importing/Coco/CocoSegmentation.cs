using System.Text;
using System.Text.Json;
using Sclip.Formats.Encodings;
using Sclip.Formats.Regions;
using Sclip.Labels;

namespace Sclip.Formats.Importing.Coco;

/// <summary>A segmentation of COCO: polygons, or run lengths, compressed or not.</summary>
internal static class CocoSegmentation
{
    private const int LeastNumbers = 6;

    /// <summary>Gives its pixels a label.</summary>
    /// <exception cref="ImportException">It cannot be read; the message says what is wrong with it.</exception>
    public static void Paint(LabelMap map, JsonElement segmentation, ushort label)
    {
        switch (segmentation.ValueKind)
        {
            case JsonValueKind.Array:
                PaintPolygons(map, segmentation, label);
                break;
            case JsonValueKind.Object:
                PaintRuns(map, segmentation, label);
                break;
            case JsonValueKind.Null:
                break;
            default:
                throw new ImportException("its segmentation is neither polygons nor run lengths.");
        }
    }

    private static void PaintPolygons(LabelMap map, JsonElement polygons, ushort label)
    {
        // Some tools leave the outer brackets away where there is one polygon.
        if (polygons.GetArrayLength() > 0 && polygons[0].ValueKind == JsonValueKind.Number)
            PaintPolygon(map, polygons, label);
        else
            foreach (var polygon in polygons.EnumerateArray())
                PaintPolygon(map, polygon, label);
    }

    private static void PaintPolygon(LabelMap map, JsonElement polygon, ushort label)
    {
        if (polygon.ValueKind != JsonValueKind.Array || polygon.GetArrayLength() is var count && count % 2 != 0)
            throw new ImportException("a polygon of it is no list of x and y in turn.");
        var ring = new Vertex[count / 2];
        var (position, x) = (0, 0.0);
        foreach (var number in polygon.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetDouble(out var value) || !double.IsFinite(value))
                throw new ImportException($"number {position + 1} of a polygon of it is none.");
            if (position % 2 == 1)
                ring[position / 2] = new Vertex(x, value);
            (x, position) = (value, position + 1);
        }
        if (count >= LeastNumbers)
            PolygonFill.Paint(map, ring, label);
    }

    private static void PaintRuns(LabelMap map, JsonElement runs, ushort label)
    {
        if (!runs.TryGetProperty("counts", out var counts) || !runs.TryGetProperty("size", out var size) || size.ValueKind != JsonValueKind.Array || size.GetArrayLength() != 2)
            throw new ImportException("its run lengths have no 'counts', or no 'size' of two.");
        var (height, width) = (JsonValues.Whole(size[0]), JsonValues.Whole(size[1]));
        if ((width, height) != (map.Width, map.Height))
            throw new ImportException($"its run lengths are of a picture of {width?.ToString() ?? "?"} x {height?.ToString() ?? "?"} pixels, and the picture has {map.Width} x {map.Height}.");
        var reason = counts.ValueKind switch
        {
            JsonValueKind.String => JsonValues.Text(counts) is { } text ? CocoRuns.Paint(map, CocoRuns.Decode(Encoding.UTF8.GetBytes(text)), label) : CocoRuns.NoText,
            JsonValueKind.Array => CocoRuns.Paint(map, counts.EnumerateArray().Select(count => JsonValues.Whole(count) ?? -1), label),
            _ => "are neither a text nor numbers.",
        };
        if (reason is not null)
            throw new ImportException($"its counts {reason}");
    }
}
