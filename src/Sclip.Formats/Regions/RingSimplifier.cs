namespace Sclip.Formats.Regions;

/// <summary>Leaves corners of an outline out, by Douglas and Peucker: none that is left out lies farther from what remains than the tolerance.</summary>
internal static class RingSimplifier
{
    private const int FewestCorners = 4;
    private const double LeastTolerance = 0.25;

    // What is thin or small would vanish, or grow; its outline is taken with a finer tolerance.
    private const double MostAreaLost = 0.25;

    /// <summary>Simplifies a ring; one whose area would change much is simplified less, or not at all.</summary>
    public static Vertex[] Simplify(Vertex[] ring, double tolerance)
    {
        if (ring.Length <= FewestCorners)
            return ring;
        var area = Area(ring);
        for (; tolerance >= LeastTolerance; tolerance /= 2)
            if (Reduce(ring, tolerance) is { Length: >= 3 } reduced && Math.Abs(Area(reduced) - area) <= MostAreaLost * Math.Abs(area))
                return reduced;
        return ring;
    }

    /// <summary>The area of a ring, positive where it runs clockwise on the screen.</summary>
    public static double Area(ReadOnlySpan<Vertex> ring)
    {
        var sum = 0.0;
        for (var i = 0; i < ring.Length; i++)
            sum += Cross(ring[i], ring[(i + 1) % ring.Length]);
        return sum / 2;
    }

    private static double Cross(Vertex a, Vertex b) => a.X * b.Y - b.X * a.Y;

    private static Vertex[] Reduce(Vertex[] ring, double tolerance)
    {
        // A ring has no ends: it is cut at its first corner and the one farthest from that.
        var far = 0;
        for (var i = 1; i < ring.Length; i++)
            if (Squared(ring[i], ring[0]) > Squared(ring[far], ring[0]))
                far = i;
        var kept = new bool[ring.Length + 1];
        kept[0] = kept[far] = true;
        var open = new Stack<(int First, int Last)>([(far, ring.Length), (0, far)]);
        while (open.TryPop(out var part))
        {
            var (farthest, distance) = (0, tolerance * tolerance);
            for (var i = part.First + 1; i < part.Last; i++)
                if (SquaredToSegment(ring[i], ring[part.First], ring[part.Last % ring.Length]) is var squared && squared > distance)
                    (farthest, distance) = (i, squared);
            if (farthest == 0)
                continue;
            kept[farthest] = true;
            open.Push((farthest, part.Last));
            open.Push((part.First, farthest));
        }
        return [.. ring.Where((_, i) => kept[i])];
    }

    private static double Squared(Vertex a, Vertex b) => (a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y);

    private static double SquaredToSegment(Vertex point, Vertex a, Vertex b)
    {
        var length = Squared(a, b);
        var along = length == 0 ? 0 : Math.Clamp(((point.X - a.X) * (b.X - a.X) + (point.Y - a.Y) * (b.Y - a.Y)) / length, 0, 1);
        return Squared(point, new Vertex(a.X + along * (b.X - a.X), a.Y + along * (b.Y - a.Y)));
    }
}
