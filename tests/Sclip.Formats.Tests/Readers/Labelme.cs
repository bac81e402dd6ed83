using System.Text.Json.Nodes;
using Sclip.Imaging;

namespace Sclip.Formats.Tests.Readers;

/// <summary>Labelme's shapes, as its <c>shapes_to_label</c> draws them: one after the other, over what was there.</summary>
internal static class Labelme
{
    /// <summary>The mask of a document.</summary>
    public static Mask Read(JsonNode document, Func<string, int> labelOf)
    {
        var mask = Mask.Empty(document["imageWidth"]!.GetValue<int>(), document["imageHeight"]!.GetValue<int>());
        foreach (var shape in document["shapes"]!.AsArray())
            foreach (var pixel in Pixels(shape!, mask.Width, mask.Height))
                mask.Labels[pixel] = labelOf(shape!["label"]!.GetValue<string>());
        return mask;
    }

    /// <summary>The pixels of a shape.</summary>
    public static IEnumerable<int> Pixels(JsonNode shape, int width, int height)
    {
        var points = shape["points"]!.AsArray().Select(point => (X: point![0]!.GetValue<double>(), Y: point[1]!.GetValue<double>())).ToList();
        return shape["shape_type"]!.GetValue<string>() == "mask" ? Masked(shape["mask"]!.GetValue<string>(), points, width) : Drawn(points, width, height);
    }

    /// <summary>A PNG within corners that are pixels of it.</summary>
    private static IEnumerable<int> Masked(string png, List<(double X, double Y)> corners, int width)
    {
        var (values, wide, high) = MaskDecoder.Read(Convert.FromBase64String(png), ImageLimits.Default);
        var (left, top) = ((int)corners[0].X, (int)corners[0].Y);
        Assert.Equal((wide, high), ((int)corners[1].X - left + 1, (int)corners[1].Y - top + 1));
        return Enumerable.Range(0, values.Length).Where(i => values[i] != 0).Select(i => (top + i / wide) * width + left + i % wide);
    }

    /// <summary>
    /// By Pillow's <c>ImageDraw.polygon</c> with fill and outline: points are the centres of pixels; what is inside by the even-odd rule is drawn, and every
    /// pixel of an edge. Which ones those are is told here for edges along rows and columns alone, and exact outlines have no others.
    /// </summary>
    private static IEnumerable<int> Drawn(List<(double X, double Y)> points, int width, int height)
    {
        Assert.True(points.Count > 2, "a polygon must have more than two points");
        var drawn = new HashSet<int>(Polygon.Fill([.. points.Select(point => (point.X + 0.5, point.Y + 0.5))], width, height));
        for (var i = 0; i < points.Count; i++)
        {
            var ((ax, ay), (bx, by)) = (points[i], points[(i + 1) % points.Count]);
            Assert.True(ax == bx || ay == by, $"({ax}, {ay}) to ({bx}, {by}) goes neither along a row nor a column");
            for (var (x, y) = ((int)Math.Min(ax, bx), (int)Math.Min(ay, by)); x <= Math.Max(ax, bx) && y <= Math.Max(ay, by); (x, y) = ax == bx ? (x, y + 1) : (x + 1, y))
                drawn.Add(y * width + x);
        }
        return drawn;
    }
}
