namespace Sclip.Formats.Regions;

/// <summary>
/// The pixels, by their centres, that a simplified outline has otherwise than the exact one, each filled by the even-odd rule. Of pixels whose centres lie on
/// the simplified outline itself readers disagree: they count as other than they are.
/// </summary>
internal sealed class PixelDifference
{
    // Where a crossing is of the simplified outline, and where it goes through a pixel's centre; the rest is the pixel.
    private const int Simple = 1, OnCentre = 2, Shift = 2;
    private const double Rounding = 1e-9;
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
        Add(exact, shape: 0);
        Add(simple, Simple);
        var (lost, gained) = (0, 0);
        for (var row = top; row < bottom; row++)
        {
            var (inExact, inSimple, isOnCentre, from) = (false, false, false, 0);
            foreach (var crossing in _crossings.Sorted(row))
            {
                var x = crossing >> Shift;
                if (x > from)
                {
                    if (inExact && !inSimple)
                        lost += x - from;
                    else if (inSimple && !inExact)
                        gained += x - from;
                    else if (isOnCentre && inExact)
                        lost++;
                    else if (isOnCentre)
                        gained++;
                    (isOnCentre, from) = (false, x);
                }
                isOnCentre |= (crossing & OnCentre) != 0;
                if ((crossing & Simple) == 0)
                    inExact = !inExact;
                else
                    inSimple = !inSimple;
            }
            if (isOnCentre)
                gained++;
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
                        _crossings.Add(row, (int)a.X << Shift | shape);
                }
                else if (from < to)
                {
                    // The first pixel whose centre does not lie to the left.
                    var slope = (b.X - a.X) / (b.Y - a.Y);
                    for (var row = from; row < to; row++)
                    {
                        var centre = a.X - 0.5 + slope * (row + 0.5 - a.Y);
                        var first = (int)Math.Ceiling(centre - Rounding);
                        _crossings.Add(row, first << Shift | (first - centre < Rounding ? OnCentre : 0) | shape);
                    }
                }
                a = b;
            }
        }
    }
}
