namespace Sclip.Formats.Regions;

/// <summary>Leaves corners of outlines out, by Douglas and Peucker: none that is left out lies farther from what remains than the tolerance. The buffers are used again.</summary>
internal sealed class RingSimplifier
{
    private const int FewestCorners = 4;
    private readonly Stack<(int First, int Last)> _open = new();
    private bool[] _kept = [];

    /// <summary>Simplifies a ring; null where fewer than three corners would remain.</summary>
    public Vertex[]? Simplify(Vertex[] ring, double tolerance)
    {
        if (ring.Length <= FewestCorners)
            return ring;
        // A ring has no ends: it is cut at its first corner and the one farthest from that.
        var far = 0;
        for (var i = 1; i < ring.Length; i++)
            if (Squared(ring[i], ring[0]) > Squared(ring[far], ring[0]))
                far = i;
        if (_kept.Length < ring.Length)
            _kept = new bool[2 * ring.Length];
        var kept = _kept.AsSpan(0, ring.Length);
        kept.Clear();
        kept[0] = kept[far] = true;
        var count = 2;
        _open.Push((far, ring.Length));
        _open.Push((0, far));
        while (_open.TryPop(out var part))
            if (Farthest(ring, part.First, part.Last, tolerance) is var farthest and > 0)
            {
                kept[farthest] = true;
                count++;
                _open.Push((farthest, part.Last));
                _open.Push((part.First, farthest));
            }
        if (count < 3)
            return null;
        if (count == ring.Length)
            return ring;
        var simple = new Vertex[count];
        for (int i = 0, next = 0; next < count; i++)
            if (kept[i])
                simple[next++] = ring[i];
        return simple;
    }

    /// <summary>The area of a ring, positive where it runs clockwise on the screen.</summary>
    public static double Area(ReadOnlySpan<Vertex> ring)
    {
        var sum = 0.0;
        var a = ring[^1];
        foreach (var b in ring)
        {
            sum += a.X * b.Y - b.X * a.Y;
            a = b;
        }
        return sum / 2;
    }

    /// <summary>The corner between two others that is farthest from the line between these; 0 where none is farther than the tolerance.</summary>
    private static int Farthest(Vertex[] ring, int first, int last, double tolerance)
    {
        var (a, b) = (ring[first], ring[last < ring.Length ? last : 0]);
        var (dx, dy, length) = (b.X - a.X, b.Y - a.Y, Squared(a, b));
        var (farthest, distance) = (0, tolerance * tolerance);
        for (var i = first + 1; i < last; i++)
        {
            var (x, y) = (ring[i].X - a.X, ring[i].Y - a.Y);
            var along = x * dx + y * dy;
            var across = x * dy - y * dx;
            var squared = along <= 0 ? x * x + y * y : along >= length ? Squared(ring[i], b) : across * across / length;
            if (squared > distance)
                (farthest, distance) = (i, squared);
        }
        return farthest;
    }

    private static double Squared(Vertex a, Vertex b) => (a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y);
}
