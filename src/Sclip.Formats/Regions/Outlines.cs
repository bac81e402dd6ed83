namespace Sclip.Formats.Regions;

/// <summary>The simplified outlines of all regions of a picture.</summary>
internal sealed class Outlines
{
    private readonly List<Vertex[]>[] _rings;

    /// <param name="map">The regions.</param>
    /// <param name="tolerance">How far simplified outlines may depart from the exact ones.</param>
    /// <param name="throughCentres">Whether they go through the centres of pixels, as <see cref="CentreTracer"/> has them, and not along their sides.</param>
    public Outlines(RegionMap map, double tolerance, bool throughCentres = false)
    {
        _rings = throughCentres ? CentreTracer.Trace(map) : ContourTracer.Trace(map);
        foreach (var rings in _rings)
            for (var i = 0; i < rings.Count; i++)
                rings[i] = RingSimplifier.Simplify(rings[i], tolerance);
    }

    /// <summary>Whether a region has holes.</summary>
    public bool HasHoles(Region region) => _rings[region.Index].Count > 1;

    /// <summary>A region's outline as one ring, cut open to its holes.</summary>
    public IReadOnlyList<Vertex> Ring(Region region) => RingBridge.Join(_rings[region.Index]);
}
