using System.Buffers;

namespace Sclip.Formats.Regions;

/// <summary>
/// Outlines for readers that draw them one over the other, as Pillow does: corners are centres of pixels, and what lies on an edge is inside. Each
/// region is one ring along its outer pixels; what lies in its holes is drawn later, as the largest come first. Simplified, no region loses more than
/// <see cref="Outlines.MostChanged"/> of its pixels, be it that others are drawn there: where it would, the tolerance is halved for it and for what is drawn over it, down to the exact outline.
/// </summary>
internal sealed class DrawnOutlines
{
    // A corner of a slanting line of pixels lies up to 0.7 beside it: finer, few are left out, and all would be drawn once more for them.
    private const double LeastHalved = 0.75;

    private readonly RegionMap _map;
    private readonly Vertex[]?[] _exact, _rings;
    private readonly double[] _tolerances;
    private readonly RingSimplifier _simplifier = new();

    /// <param name="map">The regions; one whose pixels are none of <see cref="RegionMap.Ids"/> is not drawn.</param>
    /// <param name="tolerance">How far in pixels an outline may depart from the exact one.</param>
    public DrawnOutlines(RegionMap map, double tolerance)
    {
        var traced = ContourTracer.Trace(map);
        var filled = Array.ConvertAll(traced, rings => rings.Count == 0 ? 0 : RingSimplifier.Area(rings[0]));
        _map = map;
        _exact = Array.ConvertAll(traced, rings => rings.Count == 0 ? null : Inset(rings[0]));
        _tolerances = new double[filled.Length];
        _rings = new Vertex[]?[filled.Length];
        Regions = [.. map.Regions.Where(region => _exact[region.Index] is not null).OrderByDescending(region => filled[region.Index])];
        // A region that may not lose a pixel is not worth a try.
        foreach (var region in Regions)
            Simplify(region, Outlines.MostChanged * region.Area < 1 ? 0 : tolerance);
        var painted = ArrayPool<int>.Shared.Rent(map.Ids.Length);
        try
        {
            var painter = new RingPainter(painted, map.Width);
            var pixels = painted.AsSpan(0, map.Ids.Length);
            do
            {
                pixels.Fill(RegionMap.None);
                foreach (var region in Regions)
                    painter.Paint(_rings[region.Index], region.Index);
            }
            while (Refine(pixels));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(painted);
        }
    }

    /// <summary>The regions, in the order in which they are drawn.</summary>
    public IReadOnlyList<Region> Regions { get; }

    /// <summary>What the drawing loses.</summary>
    public PolygonLoss Loss { get; private set; }

    /// <summary>A region's polygon, of at least three corners, which may be the same.</summary>
    public ReadOnlySpan<Vertex> Ring(Region region) => _rings[region.Index]!;

    /// <summary>Takes what differs too much from what was drawn with a finer tolerance; false where nothing is left to do.</summary>
    private bool Refine(ReadOnlySpan<int> painted)
    {
        var (changed, isOver) = (new int[_exact.Length], new bool[_exact.Length]);
        var loss = new PolygonLoss(Regions.Sum(region => (long)region.Area), 0);
        for (var i = NextDifference(painted, 0); i < painted.Length; i = NextDifference(painted, i + 1))
        {
            var (own, drawn) = (_map.Ids[i], painted[i]);
            // It is counted once, for the region whose it is; for the one that is drawn there, where it is none's.
            changed[own >= 0 ? own : drawn]++;
            // A region over another of the same class changes no pixel of the mask.
            if (own < 0 || drawn < 0 || _map.Regions[own].Class != _map.Regions[drawn].Class)
                loss += new PolygonLoss(0, 1);
        }
        Loss = loss;
        foreach (var region in Regions)
            isOver[region.Index] = changed[region.Index] > Outlines.MostChanged * region.Area;
        if (Array.IndexOf(isOver, true) < 0)
            return false;
        // What is covered gains nothing by an outline of its own that is finer.
        var isToRefine = (bool[])isOver.Clone();
        for (var i = NextDifference(painted, 0); i < painted.Length; i = NextDifference(painted, i + 1))
            if (_map.Ids[i] >= 0 && painted[i] >= 0 && isOver[_map.Ids[i]])
                isToRefine[painted[i]] = true;
        var isRefined = false;
        foreach (var region in Regions)
            if (isToRefine[region.Index] && _tolerances[region.Index] > 0)
            {
                Simplify(region, _tolerances[region.Index] / 2 is var finer and >= LeastHalved ? finer : 0);
                isRefined = true;
            }
        return isRefined;
    }

    private int NextDifference(ReadOnlySpan<int> painted, int from) => from + painted[from..].CommonPrefixLength(_map.Ids.AsSpan(from));

    private void Simplify(Region region, double tolerance)
    {
        var exact = _exact[region.Index]!;
        var simple = tolerance >= Outlines.LeastTolerance ? _simplifier.Simplify(exact, tolerance) ?? exact : exact;
        (_rings[region.Index], _tolerances[region.Index]) = (simple, simple == exact ? 0 : tolerance);
    }

    /// <summary>The ring through the centres of the pixels inside along an exact outline: each corner moves by half a pixel inwards. Numbers are those of the pixels.</summary>
    private static Vertex[] Inset(Vertex[] outline)
    {
        var ring = new List<Vertex>(outline.Length);
        var isAfterRow = outline[^1].Y == outline[0].Y;
        for (var i = 0; i < outline.Length; i++, isAfterRow = !isAfterRow)
        {
            var (before, corner, after) = (outline[i == 0 ? ^1 : i - 1], outline[i], outline[i + 1 < outline.Length ? i + 1 : 0]);
            // What is inside lies to the right-hand side of the way.
            var isRightward = isAfterRow ? before.X < corner.X : corner.X < after.X;
            var isDownward = isAfterRow ? corner.Y < after.Y : before.Y < corner.Y;
            var centre = new Vertex(isDownward ? corner.X - 1 : corner.X, isRightward ? corner.Y : corner.Y - 1);
            if (ring.Count == 0 || ring[^1] != centre)
                ring.Add(centre);
        }
        while (ring.Count > 1 && ring[^1] == ring[0])
            ring.RemoveAt(ring.Count - 1);
        // Readers want three.
        while (ring.Count < 3)
            ring.Add(ring[^1]);
        return [.. ring];
    }
}
