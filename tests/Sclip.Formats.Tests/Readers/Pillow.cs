namespace Sclip.Formats.Tests.Readers;

/// <summary>Draws polygons as Pillow's ImageDraw does (9.4), by which Cityscapes' scripts and others make masks of them; in numbers of single precision, as it has them.</summary>
internal static class Pillow
{
    /// <summary>Fills a polygon: what lies between the crossings of a row, rounded inwards, and its level edges.</summary>
    public static void Polygon(IReadOnlyList<(int X, int Y)> points, int width, Action<int> set)
    {
        var edges = new List<Edge>();
        for (var i = 0; i < points.Count; i++)
            if (points[i] is var a && points[(i + 1) % points.Count] is var b && !(i == points.Count - 1 && a == b))
                edges.Add(new Edge(a.X, a.Y, Math.Min(a.Y, b.Y), Math.Max(a.Y, b.Y), Math.Min(a.X, b.X), Math.Max(a.X, b.X), a.Y == b.Y ? 0 : (float)(b.X - a.X) / (b.Y - a.Y)));
        void Line(int y, int from, int to)
        {
            for (var x = Math.Max(0, Math.Min(from, to)); x <= Math.Min(width - 1, Math.Max(from, to)); x++)
                set(y * width + x);
        }
        foreach (var level in edges.Where(edge => edge.Top == edge.Bottom))
            Line(level.Top, level.Left, level.Right);
        edges.RemoveAll(edge => edge.Top == edge.Bottom);
        var (top, bottom) = (points.Min(point => point.Y), points.Max(point => point.Y));
        for (var y = top; y <= bottom; y++)
        {
            var crossings = Crossings(edges, y, bottom);
            for (var i = 1; i < crossings.Count; i += 2)
                Line(y, (int)Math.Floor(crossings[i - 1] + 0.5), (int)Math.Ceiling(crossings[i] - 0.5));
        }
    }

    private static List<float> Crossings(List<Edge> edges, int y, int bottom)
    {
        var crossings = new List<float>();
        foreach (var (i, edge) in edges.Index())
        {
            if (!edge.Has(y))
                continue;
            crossings.Add(edge.At(y));
            if (y == edge.Bottom && y < bottom)
                crossings.Add(edge.At(y));
            else if (edge.IsEnd(y) && edge.Slope != 0)
                Connect(edges, i, y, y == bottom ? y - 1 : y + 1, crossings);
        }
        crossings.Sort();
        return crossings;
    }

    /// <summary>Two edges that lean the same way and make a corner: the corner reaches as far as the row beside it. It is the crossing of that place in the list that is moved, whosever it is.</summary>
    private static void Connect(List<Edge> edges, int i, int y, int beside, List<float> crossings)
    {
        var edge = edges[i];
        for (var k = 0; k < i; k++)
        {
            var other = edges[k];
            if (!other.IsEnd(y) || edge.Slope * other.Slope <= 0 || edge.At(y) != other.At(y) || !other.Has(beside))
                continue;
            var (least, most) = (Math.Min(edge.At(beside), other.At(beside)), Math.Max(edge.At(beside), other.At(beside)));
            if (k < crossings.Count)
                crossings[k] = y == edge.Bottom ? (edge.Slope > 0 ? most + 1 : least - 1) : (edge.Slope > 0 ? least : most + 1);
            return;
        }
    }

    private readonly record struct Edge(int X, int Y, int Top, int Bottom, int Left, int Right, float Slope)
    {
        public bool Has(int y) => Top <= y && y <= Bottom;

        public bool IsEnd(int y) => y == Top || y == Bottom;

        public float At(int y) => (y - Y) * Slope + X;
    }
}
