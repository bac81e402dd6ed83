using System.Buffers;

namespace Sclip.Formats.Regions;

/// <summary>
/// Outlines through the centres of pixels, each of which gives its region by itself where it is drawn as Pillow does, cut open to its holes; simplified as
/// far as none changes more than <see cref="Outlines.MostChanged"/> of its region's pixels: where it would, the tolerance is halved for it, down to the exact one.
/// </summary>
internal sealed class CentreOutlines : IDisposable
{
    private const long MostSparse = 50;
    private readonly RegionMap _map;
    private readonly double _tolerance;
    private readonly List<Vertex[]>[] _rings;
    private readonly RingSimplifier _simplifier = new();
    private readonly int[] _painted;
    private readonly RingPainter _painter;
    private int _paintings;

    /// <param name="map">The regions.</param>
    /// <param name="tolerance">How far in pixels an outline may depart from the exact one.</param>
    public CentreOutlines(RegionMap map, double tolerance)
    {
        (_map, _tolerance, _rings) = (map, tolerance, CentreTracer.Trace(map));
        _painted = ArrayPool<int>.Shared.Rent(map.Ids.Length);
        _painted.AsSpan().Clear();
        _painter = new RingPainter(_painted, map.Width);
    }

    /// <summary>What the outlines that were asked for lose.</summary>
    public PolygonLoss Loss { get; private set; }

    /// <summary>A region's outline as one ring, whose corners are numbers of pixels; asked for once a region.</summary>
    public IReadOnlyList<Vertex> Ring(Region region)
    {
        var exact = _rings[region.Index];
        // A thin line across the picture has hardly a corner to spare, and each try goes through all its bounds.
        var isSparse = (long)region.Box.Width * region.Box.Height > MostSparse * region.Area;
        for (var finer = isSparse ? 0 : _tolerance; finer >= Outlines.LeastTolerance; finer /= 2)
        {
            Vertex[] ring = [.. RingBridge.Join(exact.ConvertAll(ring => _simplifier.Simplify(ring, finer) ?? ring)).Select(vertex => new Vertex(Math.Round(vertex.X), Math.Round(vertex.Y)))];
            if (Changed(region, ring) is var changed && changed <= Outlines.MostChanged * region.Area)
            {
                Loss += new PolygonLoss(region.Area, changed);
                return ring;
            }
        }
        Loss += new PolygonLoss(region.Area, 0);
        return RingBridge.Join(exact);
    }

    public void Dispose() => ArrayPool<int>.Shared.Return(_painted);

    /// <summary>The pixels that a ring leaves out of its region or adds to it; it lies within the region's bounds.</summary>
    private int Changed(Region region, ReadOnlySpan<Vertex> ring)
    {
        // What was painted before has other numbers, and need not be cleared.
        _painter.Paint(ring, ++_paintings);
        var (box, changed) = (region.Box, 0);
        for (var y = box.Top; y < box.Bottom; y++)
            for (var (i, end) = (y * _map.Width + box.Left, y * _map.Width + box.Right); i < end; i++)
                changed += (_painted[i] == _paintings) == (_map.Ids[i] == region.Index) ? 0 : 1;
        return changed;
    }
}
