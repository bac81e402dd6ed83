namespace Sclip.Formats.Regions;

/// <summary>Makes one ring of an outline with holes, for formats that know no holes: a cut without width leads to each hole and back.</summary>
internal static class RingBridge
{
    /// <summary>Joins rings, the outer one first; filled, by whichever rule, the result is the same pixels.</summary>
    public static IReadOnlyList<Vertex> Join(IReadOnlyList<Vertex[]> rings)
    {
        if (rings.Count == 1)
            return rings[0];
        var ring = new List<Vertex>(rings[0]);
        // From left to right, so that whatever lies to the left of a hole is joined already.
        foreach (var (hole, first) in rings.Skip(1).Select(hole => (Hole: hole, First: Leftmost(hole))).OrderBy(item => item.Hole[item.First].X).ThenBy(item => item.Hole[item.First].Y))
        {
            var (edge, point) = LeftOf(ring, hole[first]);
            ring.InsertRange(edge + 1, [point, .. hole[first..], .. hole[..(first + 1)], point]);
        }
        return ring;
    }

    private static int Leftmost(Vertex[] ring)
    {
        var best = 0;
        for (var i = 1; i < ring.Length; i++)
            if (ring[i].X < ring[best].X || (ring[i].X == ring[best].X && ring[i].Y < ring[best].Y))
                best = i;
        return best;
    }

    /// <summary>Where the ring is next to the left of a point; its nearest corner, where a simplified ring leaves the point outside.</summary>
    private static (int Edge, Vertex Point) LeftOf(List<Vertex> ring, Vertex from)
    {
        var (edge, best) = (-1, double.NegativeInfinity);
        for (var i = 0; i < ring.Count; i++)
        {
            var (a, b) = (ring[i], ring[i + 1 < ring.Count ? i + 1 : 0]);
            if (a.Y == b.Y || Math.Min(a.Y, b.Y) > from.Y || Math.Max(a.Y, b.Y) < from.Y)
                continue;
            var x = a.X + (from.Y - a.Y) / (b.Y - a.Y) * (b.X - a.X);
            if (x <= from.X && x > best)
                (edge, best) = (i, x);
        }
        if (edge >= 0)
            return (edge, new Vertex(best, from.Y));
        var nearest = Enumerable.Range(0, ring.Count).MinBy(i => (ring[i].X - from.X) * (ring[i].X - from.X) + (ring[i].Y - from.Y) * (ring[i].Y - from.Y));
        return (nearest, ring[nearest]);
    }
}
