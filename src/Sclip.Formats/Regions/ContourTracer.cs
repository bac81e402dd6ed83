namespace Sclip.Formats.Regions;

/// <summary>
/// Outlines of regions along the sides of their pixels. Where two pixels of a region meet at a corner only, the outline usually goes past the corner on
/// the outer side of both. As a region is connected by sides, no ring then meets itself: rings are simple, and touch others at single corners at most.
/// </summary>
internal static class ContourTracer
{
    // Right, down, left, up; what is inside lies to the right-hand side of the way.
    private static ReadOnlySpan<int> StepX => [1, 0, -1, 0];

    private static ReadOnlySpan<int> StepY => [0, 1, 0, -1];

    // The pixel ahead to the right and the one ahead to the left, as offsets from the corner that is reached.
    private static ReadOnlySpan<int> RightX => [0, -1, -1, 0];

    private static ReadOnlySpan<int> RightY => [0, 0, -1, -1];

    private static ReadOnlySpan<int> LeftX => [0, 0, -1, -1];

    private static ReadOnlySpan<int> LeftY => [-1, 0, 0, -1];

    /// <summary>The rings of each region: first the outer one, clockwise on the screen, then those of its holes, counter-clockwise.</summary>
    /// <param name="map">The regions.</param>
    /// <param name="joinsCorners">Whether pixels that meet at a corner only are joined there; where they are not, a ring may pass a corner twice.</param>
    public static List<Vertex[]>[] Trace(RegionMap map, bool joinsCorners = true)
    {
        var (ids, width) = (map.Ids, map.Width);
        var rings = new List<Vertex[]>[map.Regions.Count];
        for (var i = 0; i < rings.Length; i++)
            rings[i] = [];
        var visited = new bool[ids.Length];
        var corners = new List<Vertex>();
        // Each ring has a side that is the upper one of a pixel; in reading order the first of a region is on its outer ring.
        for (var i = 0; i < ids.Length; i++)
            if (ids[i] is var id && id != RegionMap.None && !visited[i] && (i < width || ids[i - width] != id))
            {
                Follow(map, i % width, i / width, id, joinsCorners, visited, corners);
                rings[id].Add([.. corners]);
            }
        return rings;
    }

    private static void Follow(RegionMap map, int startX, int startY, int id, bool joinsCorners, bool[] visited, List<Vertex> corners)
    {
        corners.Clear();
        corners.Add(new Vertex(startX, startY));
        var (x, y, way) = (startX, startY, 0);
        while (true)
        {
            if (way == 0)
                visited[y * map.Width + x] = true;
            x += StepX[way];
            y += StepY[way];
            var (left, right) = (Is(map, x + LeftX[way], y + LeftY[way], id), Is(map, x + RightX[way], y + RightY[way], id));
            var turn = left && (right || joinsCorners) ? 3 : right ? 0 : 1;
            if (turn == 0)
                continue;
            way = (way + turn) & 3;
            if (way == 0 && x == startX && y == startY)
                return;
            corners.Add(new Vertex(x, y));
        }
    }

    private static bool Is(RegionMap map, int x, int y, int id) =>
        (uint)x < (uint)map.Width && (uint)y < (uint)map.Height && map.Ids[y * map.Width + x] == id;
}
