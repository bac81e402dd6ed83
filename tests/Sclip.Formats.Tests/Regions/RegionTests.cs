using CsCheck;
using Sclip.Formats.Regions;
using Sclip.Formats.Tests.Readers;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Regions;

/// <summary>Regions and outlines of masks of all kinds.</summary>
public sealed class RegionTests
{
    [Fact]
    public void Regions_are_those_of_a_flood_fill() => Masks.Any.Hold(500, mask =>
    {
        var regions = RegionMap.Of(mask.Map, 1);
        var flooded = Flood(mask);
        Assert.Equal(flooded, regions.Ids);
        Assert.Equal(flooded.Where(id => id >= 0).CountBy(id => id).OrderBy(item => item.Key).Select(item => item.Value), regions.Regions.Select(region => region.Area));
    });

    [Fact]
    public void Outlines_are_exact_simple_and_run_round_what_they_enclose() => Masks.Any.Hold(200, mask =>
    {
        var regions = RegionMap.Of(mask.Map, 1);
        var rings = ContourTracer.Trace(regions);
        var read = Mask.Empty(mask.Width, mask.Height);
        foreach (var region in regions.Regions)
        {
            var own = rings[region.Index];
            Assert.True(RingSimplifier.Area(own[0]) > 0);
            Assert.All(own[1..], hole => Assert.True(RingSimplifier.Area(hole) < 0));
            Assert.Equal(region.Area, own.Sum(ring => RingSimplifier.Area(ring)));
            // No ring meets itself, and none has a corner that is none.
            Assert.All(own, ring => Assert.Equal(ring.Length, ring.Distinct().Count()));
            Assert.All(own, ring => Assert.All(ring.Index(), corner => Assert.NotEqual(ring[corner.Index].X == ring[(corner.Index + 1) % ring.Length].X, ring[(corner.Index + 1) % ring.Length].X == ring[(corner.Index + 2) % ring.Length].X)));
            read.Paint(Polygon.Fill([.. RingBridge.Join(own).Select(vertex => (vertex.X, vertex.Y))], mask.Width, mask.Height), region.Class);
        }
        read.AssertIs(mask, "outlines");
    });

    [Fact]
    public void No_corner_that_is_left_out_is_farther_than_the_tolerance() => Gen.Select(Masks.Any, Gen.Double[0.25, 6]).Holds(200, input =>
    {
        var (mask, tolerance) = input;
        var simplifier = new RingSimplifier();
        foreach (var ring in ContourTracer.Trace(RegionMap.Of(mask.Map, 1)).SelectMany(rings => rings))
        {
            if (simplifier.Simplify(ring, tolerance) is not { } simple)
                continue;
            Assert.InRange(simple.Length, 3, ring.Length);
            foreach (var corner in ring.Except(simple))
                Assert.InRange(Enumerable.Range(0, simple.Length).Min(i => Distance(corner, simple[i], simple[(i + 1) % simple.Length])), 0, tolerance + 1e-9);
        }
    }, input => $"tolerance {input.Item2}, {input.Item1.Text}");

    [Fact]
    public void Simplified_outlines_change_no_more_than_a_twentieth_of_a_region_and_tell_it() => Gen.Select(Masks.Any, Gen.Double[0, 6]).Holds(300, input =>
    {
        var (mask, tolerance) = input;
        var regions = RegionMap.Of(mask.Map, 1);
        var outlines = new Outlines(regions, tolerance);
        var changed = 0;
        foreach (var region in regions.Regions)
        {
            // A reader that takes centres on the outline for inside where another does not has them otherwise on one side.
            var (ring, differ) = (outlines.Ring(region), new HashSet<int>());
            foreach (var shift in (double[])[-1e-6, 1e-6])
            {
                var read = Polygon.Fill([.. ring.Select(vertex => (vertex.X + shift, vertex.Y))], mask.Width, mask.Height).ToHashSet();
                read.SymmetricExceptWith(Enumerable.Range(0, regions.Ids.Length).Where(i => regions.Ids[i] == region.Index));
                differ.UnionWith(read);
            }
            Assert.InRange(differ.Count, 0, 0.05 * region.Area);
            changed += differ.Count;
        }
        Assert.Equal(new PolygonLoss(regions.Regions.Sum(region => region.Area), changed), outlines.Loss);
    }, input => $"tolerance {input.Item2}, {input.Item1.Text}");

    [Fact]
    public void Outlines_of_large_regions_have_fewer_corners()
    {
        var regions = RegionMap.Of(Mask.Random(7, 160, 120, null, scale: 24).Map, 1);
        int Corners(double tolerance) => regions.Regions.Sum(new Outlines(regions, tolerance) is var outlines ? region => outlines.Ring(region).Count : _ => 0);
        Assert.True(3 * Corners(1) < Corners(0), $"{Corners(1)} of {Corners(0)} corners");
    }

    [Fact]
    public void Small_regions_become_nothing()
    {
        var map = Mask.Parse("11022", "11020", "00001").Map;
        var regions = RegionMap.Of(map, 4);
        Assert.Equal([4, 6], regions.Regions.Select(region => region.Area));
        var n = LabelMap.Nothing;
        Assert.Equal([1, 1, 0, n, n, 1, 1, 0, n, n, 0, 0, 0, 0, n], map.Labels);
    }

    private static int[] Flood(Mask mask)
    {
        var ids = Enumerable.Repeat(-1, mask.Labels.Length).ToArray();
        var next = 0;
        for (var start = 0; start < ids.Length; start++)
        {
            if (ids[start] >= 0 || mask.Labels[start] == Mask.None)
                continue;
            var open = new Queue<int>([start]);
            for (ids[start] = next; open.TryDequeue(out var i);)
                foreach (var (x, y) in ((int, int)[])[(i % mask.Width - 1, i / mask.Width), (i % mask.Width + 1, i / mask.Width), (i % mask.Width, i / mask.Width - 1), (i % mask.Width, i / mask.Width + 1)])
                    if (x >= 0 && y >= 0 && x < mask.Width && y < mask.Height && ids[y * mask.Width + x] < 0 && mask.Labels[y * mask.Width + x] == mask.Labels[i])
                    {
                        ids[y * mask.Width + x] = next;
                        open.Enqueue(y * mask.Width + x);
                    }
            next++;
        }
        return ids;
    }

    private static double Distance(Vertex point, Vertex a, Vertex b)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var along = Math.Clamp(((point.X - a.X) * dx + (point.Y - a.Y) * dy) / (dx * dx + dy * dy), 0, 1);
        return double.Hypot(point.X - a.X - along * dx, point.Y - a.Y - along * dy);
    }
}
