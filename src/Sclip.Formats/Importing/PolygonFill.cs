using System.Runtime.InteropServices;
using Sclip.Formats.Regions;
using Sclip.Labels;

namespace Sclip.Formats.Importing;

/// <summary>
/// Fills polygons by the even-odd rule: a pixel is inside where its centre is. An edge gives the same crossings whichever way it goes, so that a
/// slit, which goes there and back, fills nothing.
/// </summary>
internal static class PolygonFill
{
    /// <summary>Gives the pixels of a ring a label; what lies outside the picture is cut off.</summary>
    /// <param name="map">The picture.</param>
    /// <param name="ring">Corners, (0, 0) being the upper left corner of the first pixel; the last is joined to the first. They are finite.</param>
    /// <param name="label">The label.</param>
    /// <returns>How many pixels are inside.</returns>
    public static long Paint(LabelMap map, ReadOnlySpan<Vertex> ring, ushort label)
    {
        var edges = Edges(ring, map.Height);
        var (next, painted) = (0, 0L);
        var active = new List<Edge>();
        var crossings = new List<double>();
        for (var y = edges.Count > 0 ? edges[0].First : map.Height; y < map.Height && (next < edges.Count || active.Count > 0); y++)
        {
            active.RemoveAll(edge => edge.End <= y);
            for (; next < edges.Count && edges[next].First <= y; next++)
                active.Add(edges[next]);
            crossings.Clear();
            foreach (var edge in active)
                crossings.Add(edge.At(y + 0.5));
            crossings.Sort();
            var row = map.Labels.AsSpan(y * map.Width, map.Width);
            for (var i = 0; i + 1 < crossings.Count; i += 2)
            {
                var (from, to) = (Centre(crossings[i], map.Width), Centre(crossings[i + 1], map.Width));
                row[from..to].Fill(label);
                painted += to - from;
            }
        }
        return painted;
    }

    /// <summary>The edges that cross the middle of a row, by the first such.</summary>
    private static List<Edge> Edges(ReadOnlySpan<Vertex> ring, int height)
    {
        var edges = new List<Edge>(ring.Length);
        for (var i = 0; i < ring.Length; i++)
        {
            var (a, b) = (ring[i], ring[i + 1 < ring.Length ? i + 1 : 0]);
            var (upper, lower) = a.Y < b.Y || (a.Y == b.Y && a.X < b.X) ? (a, b) : (b, a);
            var (first, end) = (Centre(upper.Y, height), Centre(lower.Y, height));
            if (first < end)
                edges.Add(new Edge(first, end, upper, lower));
        }
        CollectionsMarshal.AsSpan(edges).Sort((a, b) => a.First.CompareTo(b.First));
        return edges;
    }

    /// <summary>The first pixel whose centre is not before a place, within a length.</summary>
    private static int Centre(double place, int length) => (int)Math.Clamp(Math.Ceiling(place - 0.5), 0, length);

    /// <summary>An edge, the rows whose middles it crosses.</summary>
    private readonly record struct Edge(int First, int End, Vertex Upper, Vertex Lower)
    {
        public double At(double y) => Upper.X + (y - Upper.Y) / (Lower.Y - Upper.Y) * (Lower.X - Upper.X);
    }
}
