using CsCheck;
using Sclip.Formats.Importing;
using Sclip.Formats.Regions;
using Sclip.Formats.Tests.Readers;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Importing;

/// <summary>Polygons become the pixels whose centres they have inside.</summary>
public sealed class PolygonFillTests
{
    private static readonly Gen<double> Coordinate = Gen.OneOf(Gen.Int[-5, 25].Select(whole => (double)whole), Gen.Int[-10, 50].Select(half => half / 2.0), Gen.Double[-5, 25], Gen.Double[-1e6, 1e6]);

    [Fact]
    public void Any_ring_has_the_pixels_of_the_rule() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 20], Gen.Select(Coordinate, Coordinate).Array[0, 12]).Holds(2000, input =>
        {
            var (width, height, ring) = input;
            var map = Mask.Empty(width, height).Map;
            var painted = PolygonFill.Paint(map, [.. ring.Select(corner => new Vertex(corner.Item1, corner.Item2))], 7);
            Assert.Equal(painted, map.Labels.Count(label => label == 7));
            var expected = Polygon.Fill(ring, width, height).ToHashSet();
            for (var i = 0; i < map.Labels.Length; i++)
                Assert.True(map.Labels[i] == 7 == expected.Contains(i) || IsOnEdge(ring, i % width + 0.5, i / width + 0.5), $"pixel ({i % width}, {i / width})");
        });

    [Fact]
    public void Outlines_with_slits_to_their_holes_give_every_pixel_back() => Masks.Any.Hold(500, mask =>
    {
        var regions = RegionMap.Of(mask.Map, 1);
        var outlines = new Outlines(regions, tolerance: 0);
        var map = Mask.Empty(mask.Width, mask.Height).Map;
        foreach (var region in regions.Regions)
            Assert.Equal(region.Area, PolygonFill.Paint(map, [.. outlines.Ring(region)], region.Class));
        Assert.Equal(mask.Map.Labels, map.Labels);
    });

    /// <summary>Whether an edge passes a place so closely that its side is a matter of rounding.</summary>
    private static bool IsOnEdge((double X, double Y)[] ring, double x, double y) => Enumerable.Range(0, ring.Length).Any(i =>
    {
        var ((ax, ay), (bx, by)) = (ring[i], ring[(i + 1) % ring.Length]);
        return ay <= y != by <= y && Math.Abs(ax + (y - ay) / (by - ay) * (bx - ax) - x) < 1e-6;
    });

    [Fact]
    public void Numbers_beyond_all_pictures_do_no_harm()
    {
        var map = Mask.Empty(3, 3).Map;
        PolygonFill.Paint(map, [new(-1e308, -1e308), new(1e308, -1e308), new(1e308, 1e308), new(-1e308, 1e308)], 1);
        Assert.All(map.Labels, label => Assert.Contains(label, (ushort[])[1, LabelMap.Nothing]));
    }
}
