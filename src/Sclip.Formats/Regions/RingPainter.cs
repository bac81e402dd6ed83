namespace Sclip.Formats.Regions;

/// <summary>
/// Draws rings as Pillow does, but for how it mends single corners of slanting edges, where its versions differ: between crossings of a row, both rounded
/// towards the inside, and all that lies on the edges themselves.
/// </summary>
internal sealed class RingPainter(int[] pixels, int width)
{
    private readonly RowCrossings _crossings = new();

    /// <summary>Sets the pixels of a ring, whose corners are numbers of pixels.</summary>
    public void Paint(ReadOnlySpan<Vertex> ring, int value)
    {
        var (top, bottom) = (int.MaxValue, 0);
        foreach (var vertex in ring)
            (top, bottom) = (Math.Min(top, (int)vertex.Y), Math.Max(bottom, (int)vertex.Y));
        _crossings.Begin(top, bottom + 1);
        var a = ring[^1];
        foreach (var b in ring)
        {
            if (a.Y != b.Y)
                _crossings.Count((int)Math.Min(a.Y, b.Y), End(a, b, bottom));
            a = b;
        }
        _crossings.Allot();
        foreach (var b in ring)
        {
            AddEdge(a, b, bottom, value);
            a = b;
        }
        for (var row = top; row <= bottom; row++)
        {
            var crossings = _crossings.Sorted(row);
            for (var i = 1; i < crossings.Length; i += 2)
                Fill(row, (crossings[i - 1] + 1) >> 1, crossings[i] >> 1, value);
        }
    }

    /// <summary>Where the rows of an edge end: its lower end is a corner of which the next edge has the row, but at the foot of the ring.</summary>
    private static int End(Vertex a, Vertex b, int bottom) => (int)Math.Max(a.Y, b.Y) is var end && end == bottom ? end + 1 : end;

    private void AddEdge(Vertex a, Vertex b, int bottom, int value)
    {
        if (a.Y == b.Y)
        {
            Fill((int)a.Y, (int)Math.Min(a.X, b.X), (int)Math.Max(a.X, b.X), value);
            return;
        }
        var (upper, lower) = a.Y < b.Y ? (a, b) : (b, a);
        var slope = (b.X - a.X) / (b.Y - a.Y);
        var end = End(a, b, bottom);
        for (var row = (int)upper.Y; row < end; row++)
        {
            // Twice the number of a pixel, or what lies between two where it is half-way.
            var x = a.X + (row - a.Y) * slope;
            _crossings.Add(row, (int)Math.Floor(x + 0.5) + (int)Math.Ceiling(x - 0.5));
        }
        pixels[(int)lower.Y * width + (int)lower.X] = value;
    }

    private void Fill(int row, int first, int last, int value)
    {
        if (first <= last)
            pixels.AsSpan(row * width + first, last - first + 1).Fill(value);
    }
}
