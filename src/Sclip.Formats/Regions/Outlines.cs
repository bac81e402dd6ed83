namespace Sclip.Formats.Regions;

/// <summary>The simplified outlines of all regions of a picture.</summary>
internal sealed class Outlines
{
    private readonly List<Vertex[]>[] _rings;

    public Outlines(RegionMap map, double tolerance)
    {
        _rings = ContourTracer.Trace(map);
        foreach (var rings in _rings)
            for (var i = 0; i < rings.Count; i++)
                rings[i] = RingSimplifier.Simplify(rings[i], tolerance);
    }

    /// <summary>Whether a region has holes.</summary>
    public bool HasHoles(Region region) => _rings[region.Index].Count > 1;

    /// <summary>A region's outline as one ring, cut open to its holes.</summary>
    public IReadOnlyList<Vertex> Ring(Region region) => RingBridge.Join(_rings[region.Index]);
}
