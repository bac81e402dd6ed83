using Sclip.Formats.Regions;
using Sclip.Formats.Tests.Readers;
using Sclip.Labels;

namespace Sclip.Formats.Tests.Regions;

/// <summary>Regions and outlines over many random masks.</summary>
public sealed class RegionTests
{
    public static TheoryData<int, int, int, int> Masks()
    {
        var data = new TheoryData<int, int, int, int>();
        var random = new Random(99);
        for (var seed = 0; seed < 60; seed++)
            data.Add(seed, random.Next(1, 40), random.Next(1, 40), 1 + seed % 4 * 2);
        return data;
    }

    [Theory]
    [MemberData(nameof(Masks))]
    public void Regions_are_those_of_a_flood_fill(int seed, int width, int height, int scale)
    {
        var mask = Mask.Random(seed, width, height, null, scale).Without(seed % 4);
        var regions = RegionMap.Of(MapOf(mask), 1);
        var flooded = Flood(mask);
        Assert.Equal(flooded, regions.Ids);
        Assert.Equal(flooded.Where(id => id >= 0).CountBy(id => id).OrderBy(item => item.Key).Select(item => item.Value), regions.Regions.Select(region => region.Area));
    }

    [Theory]
    [MemberData(nameof(Masks))]
    public void Outlines_are_exact_simple_and_run_round_what_they_enclose(int seed, int width, int height, int scale)
    {
        var mask = Mask.Random(seed, width, height, null, scale);
        var regions = RegionMap.Of(MapOf(mask), 1);
        var rings = ContourTracer.Trace(regions);
        var read = Mask.Empty(width, height);
        foreach (var region in regions.Regions)
        {
            var own = rings[region.Index];
            Assert.True(RingSimplifier.Area(own[0]) > 0);
            Assert.All(own[1..], hole => Assert.True(RingSimplifier.Area(hole) < 0));
            Assert.Equal(region.Area, own.Sum(ring => RingSimplifier.Area(ring)));
            // No ring meets itself, and none has a corner that is none.
            Assert.All(own, ring => Assert.Equal(ring.Length, ring.Distinct().Count()));
            Assert.All(own, ring => Assert.All(ring.Index(), corner => Assert.NotEqual(ring[corner.Index].X == ring[(corner.Index + 1) % ring.Length].X, ring[(corner.Index + 1) % ring.Length].X == ring[(corner.Index + 2) % ring.Length].X)));
            read.Paint(Polygon.Fill([.. RingBridge.Join(own).Select(vertex => (vertex.X, vertex.Y))], width, height), region.Class);
        }
        read.AssertIs(mask, $"seed {seed}");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    public void No_corner_that_is_left_out_is_farther_than_the_tolerance(double tolerance)
    {
        foreach (var ring in ContourTracer.Trace(RegionMap.Of(MapOf(Mask.Random(5, 90, 70, null, 12)), 1)).SelectMany(rings => rings))
        {
            var simple = RingSimplifier.Simplify(ring, tolerance);
            Assert.InRange(simple.Length, 3, ring.Length);
            Assert.All(ring, corner => Assert.True(Enumerable.Range(0, simple.Length).Min(i => Distance(corner, simple[i], simple[(i + 1) % simple.Length])) <= tolerance + 1e-9));
            Assert.InRange(RingSimplifier.Area(simple) / RingSimplifier.Area(ring), 0.75, 1.25);
        }
    }

    [Fact]
    public void Thin_things_do_not_vanish()
    {
        foreach (var name in (string[])["one", "single", "row", "column", "hole", "comb"])
            foreach (var ring in ContourTracer.Trace(RegionMap.Of(MapOf(Mask.All[name]), 1)).SelectMany(rings => rings))
                Assert.InRange(RingSimplifier.Area(RingSimplifier.Simplify(ring, 5)) / RingSimplifier.Area(ring), 0.75, 1.25);
    }

    [Fact]
    public void Small_regions_become_nothing()
    {
        var map = MapOf(Mask.Parse("11022", "11020", "00001"));
        var regions = RegionMap.Of(map, 4);
        Assert.Equal([4, 6], regions.Regions.Select(region => region.Area));
        var n = LabelMap.Nothing;
        Assert.Equal([1, 1, 0, n, n, 1, 1, 0, n, n, 0, 0, 0, 0, n], map.Labels);
    }

    private static LabelMap MapOf(Mask mask) => new([.. mask.Labels.Select(label => label == Mask.None ? LabelMap.Nothing : (ushort)label)], mask.Width, mask.Height);

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
        return Math.Sqrt(Math.Pow(point.X - a.X - along * dx, 2) + Math.Pow(point.Y - a.Y - along * dy, 2));
    }
}
