namespace Sclip.Formats.Regions;

/// <summary>The pixels, by their centres, that a simplified outline has otherwise than the exact one, each filled by the even-odd rule.</summary>
internal sealed class PixelDifference
{
    private const int Exact = 0, Simple = 1;
    private readonly RowCrossings _crossings = new();

    /// <summary>Counts the pixels that rings have and simplified ones have not, and the other way round. The corners are whole, and those of the simplified ones are among those of the others.</summary>
    public (int Lost, int Gained) Of(ReadOnlySpan<Vertex[]> exact, ReadOnlySpan<Vertex[]> simple)
    {
        var (top, bottom) = (int.MaxValue, 0);
        foreach (var vertex in exact[0])
            (top, bottom) = (Math.Min(top, (int)vertex.Y), Math.Max(bottom, (int)vertex.Y));
        _crossings.Begin(top, bottom);
        Count(exact);
        Count(simple);
        _crossings.Allot();
        Add(exact, Exact);
        Add(simple, Simple);
        var (lost, gained) = (0, 0);
        for (var row = top; row < bottom; row++)
        {
            var (inExact, inSimple, from) = (false, false, 0);
            foreach (var crossing in _crossings.Sorted(row))
            {
                var x = crossing >> 1;
                if (inExact && !inSimple)
                    lost += x - from;
                else if (inSimple && !inExact)
                    gained += x - from;
                from = x;
                if ((crossing & 1) == Exact)
                    inExact = !inExact;
                else
                    inSimple = !inSimple;
            }
        }
        return (lost, gained);
    }

    private void Count(ReadOnlySpan<Vertex[]> rings)
    {
        foreach (var ring in rings)
        {
            var a = ring[^1];
            foreach (var b in ring)
            {
                if (a.Y != b.Y)
                    _crossings.Count((int)Math.Min(a.Y, b.Y), (int)Math.Max(a.Y, b.Y));
                a = b;
            }
        }
    }

    private void Add(ReadOnlySpan<Vertex[]> rings, int shape)
    {
        foreach (var ring in rings)
        {
            var a = ring[^1];
            foreach (var b in ring)
            {
                var (from, to) = a.Y < b.Y ? ((int)a.Y, (int)b.Y) : ((int)b.Y, (int)a.Y);
                if (a.X == b.X)
                {
                    for (var row = from; row < to; row++)
                        _crossings.Add(row, (int)a.X << 1 | shape);
                }
                else if (from < to)
                {
                    // The first pixel whose centre does not lie to the left.
                    var slope = (b.X - a.X) / (b.Y - a.Y);
                    for (var row = from; row < to; row++)
                        _crossings.Add(row, (int)Math.Ceiling(a.X - 0.5 + slope * (row + 0.5 - a.Y)) << 1 | shape);
                }
                a = b;
            }
        }
    }
}
