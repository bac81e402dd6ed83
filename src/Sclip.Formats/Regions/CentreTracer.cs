namespace Sclip.Formats.Regions;

/// <summary>
/// Outlines of regions through the centres of their outermost pixels, for readers to whom a corner is a pixel and an edge covers those that it crosses (Pillow's
/// <c>ImageDraw.polygon</c>). Each step goes to a pixel of the region that shares a side, so that no edge crosses another region. A corner (x, y) is the pixel
/// (x, y); a ring may go a way and back, and be a single pixel.
/// </summary>
internal static class CentreTracer
{
    /// <summary>The rings of each region, as those of <see cref="ContourTracer"/>.</summary>
    public static List<Vertex[]>[] Trace(RegionMap map)
    {
        // Pixels that meet at a corner only share no side, so that no step may lead from one to the other.
        var rings = ContourTracer.Trace(map, joinsCorners: false);
        var pixels = new List<Vertex>();
        foreach (var region in rings)
            for (var i = 0; i < region.Count; i++)
                region[i] = Through(region[i], pixels);
        return rings;
    }

    private static Vertex[] Through(Vertex[] corners, List<Vertex> pixels)
    {
        pixels.Clear();
        for (var i = 0; i < corners.Length; i++)
        {
            var (from, to, next) = (corners[i], corners[(i + 1) % corners.Length], corners[(i + 2) % corners.Length]);
            var (dx, dy) = (Math.Sign(to.X - from.X), Math.Sign(to.Y - from.Y));
            // What is inside lies to the right-hand side of the way.
            var (right, down) = (dx - dy, dx + dy);
            Add(pixels, new Vertex(from.X + (right - 1) / 2.0, from.Y + (down - 1) / 2.0));
            var last = new Vertex(to.X - dx + (right - 1) / 2.0, to.Y - dy + (down - 1) / 2.0);
            Add(pixels, last);
            // A turn to the left goes by way of the pixel in the corner.
            if (dx * (next.Y - to.Y) - dy * (next.X - to.X) < 0)
                Add(pixels, new Vertex(last.X + dx, last.Y + dy));
        }
        if (pixels.Count > 1 && pixels[^1] == pixels[0])
            pixels.RemoveAt(pixels.Count - 1);
        return [.. pixels];
    }

    /// <summary>Adds a pixel, unless it is the last one; one that lies on the way to it is no corner.</summary>
    private static void Add(List<Vertex> pixels, Vertex pixel)
    {
        if (pixels.Count > 0 && pixels[^1] == pixel)
            return;
        if (pixels.Count > 1 && Way(pixels[^2], pixels[^1]) == Way(pixels[^1], pixel))
            pixels[^1] = pixel;
        else
            pixels.Add(pixel);
    }

    private static (int X, int Y) Way(Vertex from, Vertex to) => (Math.Sign(to.X - from.X), Math.Sign(to.Y - from.Y));
}
