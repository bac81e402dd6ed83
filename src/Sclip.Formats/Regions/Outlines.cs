using System.Runtime.InteropServices;

namespace Sclip.Formats.Regions;

/// <summary>
/// The outlines of the regions of a picture, simplified as far as no ring, and no region with its holes, changes more than a share of its pixels: where it
/// would, the tolerance is halved for it, down to the exact outline.
/// </summary>
internal sealed class Outlines(RegionMap map, double tolerance)
{
    /// <summary>The greatest share of a region's pixels that its polygon leaves out or adds.</summary>
    public const double MostChanged = 0.05;

    /// <summary>Finer than this, what could be left out is not worth it.</summary>
    public const double LeastTolerance = 0.25;

    private readonly List<Vertex[]>[] _rings = ContourTracer.Trace(map);
    private readonly RingSimplifier _simplifier = new();
    private readonly PixelDifference _difference = new();

    /// <summary>What the outlines that were asked for lose.</summary>
    public PolygonLoss Loss { get; private set; }

    /// <summary>Whether a region has holes.</summary>
    public bool HasHoles(Region region) => _rings[region.Index].Count > 1;

    /// <summary>A region's outline as one ring, cut open to its holes; asked for once a region.</summary>
    public IReadOnlyList<Vertex> Ring(Region region)
    {
        var exact = _rings[region.Index];
        var (rings, changed) = Simplify(exact, region.Area);
        Loss += new PolygonLoss(region.Area, changed);
        return RingBridge.Join(rings);
    }

    private (IReadOnlyList<Vertex[]> Rings, int Changed) Simplify(List<Vertex[]> exact, int area)
    {
        for (var finer = tolerance; finer >= LeastTolerance; finer /= 2)
        {
            var (simple, changed) = (new Vertex[exact.Count][], 0);
            for (var i = 0; i < simple.Length; i++)
                (simple[i], changed) = Simplify(exact[i], finer);
            // Of several rings what one adds may be what another leaves out.
            if (simple.Length > 1)
                changed = Changed(CollectionsMarshal.AsSpan(exact), simple);
            if (changed <= MostChanged * area)
                return (simple, changed);
        }
        return (exact, 0);
    }

    private (Vertex[] Ring, int Changed) Simplify(Vertex[] exact, double finer)
    {
        for (; finer >= LeastTolerance; finer /= 2)
            if (_simplifier.Simplify(exact, finer) is { } simple)
            {
                var changed = simple == exact ? 0 : Changed(new(in exact), new(in simple));
                if (changed <= MostChanged * Math.Abs(RingSimplifier.Area(exact)))
                    return (simple, changed);
            }
        return (exact, 0);
    }

    private int Changed(ReadOnlySpan<Vertex[]> exact, ReadOnlySpan<Vertex[]> simple)
    {
        var (lost, gained) = _difference.Of(exact, simple);
        return lost + gained;
    }
}
