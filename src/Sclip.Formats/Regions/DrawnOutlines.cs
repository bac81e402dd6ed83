namespace Sclip.Formats.Regions;

/// <summary>
/// Outlines for readers that draw them one over the other, as Pillow does: corners are centres of pixels, and what lies on an edge is inside. Each
/// region is one ring along its outer pixels; what lies in its holes is drawn later, as the largest come first. Simplified, no region changes more than
/// <see cref="Outlines.MostChanged"/> of its pixels: where it would, the tolerance is halved for it and for what is drawn over it.
/// </summary>
internal sealed class DrawnOutlines
{
    private readonly RegionMap _map;
    private readonly Vertex[]?[] _exact, _rings;
    private readonly double[] _tolerances;
    private readonly int[] _painted;
    private readonly RingSimplifier _simplifier = new();
    private readonly RingPainter _painter;

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
        _painted = new int[map.Ids.Length];
        _painter = new RingPainter(_painted, map.Width);
        Regions = [.. map.Regions.Where(region => _exact[region.Index] is not null).OrderByDescending(region => filled[region.Index])];
        foreach (var region in Regions)
            // A region that may not lose a pixel is not worth a try.
            Simplify(region, Outlines.MostChanged * region.Area < 1 ? 0 : tolerance);
        while (Refine())
        {
        }
    }

    /// <summary>The regions, in the order in which they are drawn.</summary>
    public IReadOnlyList<Region> Regions { get; }

    /// <summary>What the drawing loses.</summary>
    public PolygonLoss Loss { get; private set; }

    /// <summary>A region's polygon, of at least three corners, which may be the same.</summary>
    public ReadOnlySpan<Vertex> Ring(Region region) => _rings[region.Index]!;

    /// <summary>Draws all, and takes what differs too much with a finer tolerance; false where nothing is left to do.</summary>
    private bool Refine()
    {
        _painted.AsSpan().Fill(RegionMap.None);
        foreach (var region in Regions)
            _painter.Paint(_rings[region.Index], region.Index);
        var (changed, isOver) = (new int[_exact.Length], new bool[_exact.Length]);
        var loss = new PolygonLoss(Regions.Sum(region => (long)region.Area), 0);
        for (var i = NextDifference(0); i >= 0; i = NextDifference(i + 1))
        {
            var (own, drawn) = (_map.Ids[i], _painted[i]);
            if (own >= 0)
                changed[own]++;
            if (drawn >= 0)
                changed[drawn]++;
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
        for (var i = NextDifference(0); i >= 0; i = NextDifference(i + 1))
            if (_map.Ids[i] >= 0 && _painted[i] >= 0 && isOver[_map.Ids[i]])
                isToRefine[_painted[i]] = true;
        var isRefined = false;
        foreach (var region in Regions)
            if (isToRefine[region.Index] && _tolerances[region.Index] > 0)
            {
                Simplify(region, _tolerances[region.Index] / 2);
                isRefined = true;
            }
        return isRefined;
    }

    private int NextDifference(int from)
    {
        var length = _painted.AsSpan(from).CommonPrefixLength(_map.Ids.AsSpan(from));
        return from + length < _painted.Length ? from + length : -1;
    }

    private void Simplify(Region region, double tolerance)
    {
        var exact = _exact[region.Index]!;
        for (; tolerance >= Outlines.LeastTolerance; tolerance /= 2)
            if (_simplifier.Simplify(exact, tolerance) is { } simple)
            {
                (_rings[region.Index], _tolerances[region.Index]) = (simple, simple == exact ? 0 : tolerance);
                return;
            }
        (_rings[region.Index], _tolerances[region.Index]) = (exact, 0);
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
