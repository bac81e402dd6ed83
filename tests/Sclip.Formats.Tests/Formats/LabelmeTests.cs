using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Formats.Regions;
using Sclip.Formats.Tests.Readers;

namespace Sclip.Formats.Tests.Formats;

/// <summary>Labelme's documents, drawn as Labelme draws them.</summary>
public sealed class LabelmeTests
{
    [Theory]
    [InlineData(ExportShapes.Auto, "polygon")]
    [InlineData(ExportShapes.Polygon, "polygon")]
    [InlineData(ExportShapes.Mask, "mask")]
    public async Task Documents_beside_their_pictures_give_the_masks_back(ExportShapes shapes, string type)
    {
        using var folder = OddNames.Folder();
        await folder.ExportAsync("labelme", options => options with { Shapes = shapes });
        foreach (var (picture, mask) in OddNames.Pictures)
        {
            var place = folder.PlaceOf("labelme", picture, "train");
            var document = JsonNode.Parse(folder.Text(Path.ChangeExtension(place, "json")))!;
            Assert.Equal(Path.GetFileName(place), document["imagePath"]!.GetValue<string>());
            Assert.True(document.AsObject().TryGetPropertyValue("imageData", out var data) && data is null);
            Assert.All(document["shapes"]!.AsArray(), shape => Assert.Equal(type, shape!["shape_type"]!.GetValue<string>()));
            Labelme.Read(document, IndexOf).AssertIs(mask, picture);
        }
    }

    [Fact]
    public async Task Every_polygon_is_its_region_by_itself_so_that_instances_are_right_as_well()
    {
        using var folder = OddNames.Folder();
        await folder.ExportAsync("labelme");
        foreach (var (picture, mask) in OddNames.Pictures)
        {
            var read = Mask.Empty(mask.Width, mask.Height);
            foreach (var shape in JsonNode.Parse(folder.Text($"images/{Path.ChangeExtension(picture, "json")}"))!["shapes"]!.AsArray())
                read.Paint(Labelme.Pixels(shape!, mask.Width, mask.Height), IndexOf(shape!["label"]!.GetValue<string>()));
            read.AssertIs(mask, picture);
        }
    }

    [Fact]
    public void Outlines_through_centres_give_any_region_back() => Masks.Any.Hold(300, mask =>
    {
        var regions = RegionMap.Of(mask.Map, minArea: 1);
        using var outlines = new CentreOutlines(regions, tolerance: 0);
        var read = Mask.Empty(mask.Width, mask.Height);
        foreach (var region in regions.Regions)
        {
            var ring = outlines.Ring(region).ToList();
            while (ring.Count < 3)
                ring.Add(ring[^1]);
            var points = new JsonArray([.. ring.Select(point => new JsonArray(point.X, point.Y))]);
            read.Paint(Labelme.Pixels(new JsonObject { ["shape_type"] = "polygon", ["points"] = points }, mask.Width, mask.Height), region.Class);
        }
        read.AssertIs(mask, "read");
    });

    [Fact]
    public async Task Labels_begin_with_what_converters_want_and_leave_the_background_to_it()
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("labelme", options => options with { Classes = [2] });
        Assert.Equal(["__ignore__", "_background_", "grass", "a \"boat\" & <oar>", "Käfer"], folder.Text("labels.txt").TrimEnd('\n').Split('\n'));
        await folder.ExportAsync("labelme", options => options with { KeepBackground = true, Force = true });
        Assert.Equal(["__ignore__", "_background_", "background", "grass", "a \"boat\" & <oar>", "Käfer"], folder.Text("labels.txt").TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_class_may_be_called_as_the_label_of_nothing()
    {
        using var folder = new LabelledFolder([new LabelClass { Name = "a" }, new LabelClass { Name = "_background_" }]);
        await folder.ExportAsync("labelme");
        Assert.Equal(["__ignore__", "_background_", "a"], folder.Text("labels.txt").TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Of_simplified_polygons_that_overlap_the_smaller_region_is_drawn_later()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.Random(7, 160, 120, null, scale: 24));
        await folder.ExportAsync("labelme", options => options with { Tolerance = 2, KeepBackground = true });
        var areas = JsonNode.Parse(folder.Text("images/a.json"))!["shapes"]!.AsArray()
            .Select(shape => Math.Abs(RingSimplifier.Area([.. shape!["points"]!.AsArray().Select(point => new Vertex(point![0]!.GetValue<double>(), point[1]!.GetValue<double>()))]))).ToList();
        Assert.True(areas.Count > 10);
        Assert.True(areas[0] > areas[^1]);
    }

    [Fact]
    public void Simplified_outlines_change_no_more_of_a_region_than_a_twentieth_where_pillow_draws_them() => Masks.Any.Hold(200, mask =>
    {
        var regions = RegionMap.Of(mask.Map, minArea: 1);
        using var outlines = new CentreOutlines(regions, tolerance: 2);
        foreach (var region in regions.Regions)
        {
            var ring = outlines.Ring(region).ToList();
            while (ring.Count < 3)
                ring.Add(ring[^1]);
            var drawn = new HashSet<int>();
            Pillow.Polygon([.. ring.Select(point => ((int)point.X, (int)point.Y))], mask.Width, pixel => drawn.Add(pixel));
            drawn.SymmetricExceptWith(Enumerable.Range(0, regions.Ids.Length).Where(i => regions.Ids[i] == region.Index));
            // Pillow mends some corners of slanting edges by a pixel.
            Assert.True(drawn.Count <= Math.Max(2, 0.1 * region.Area), $"{region}: {drawn.Count} pixels differ");
        }
    });

    private static int IndexOf(string name) => Array.FindIndex(OddNames.Classes, label => label.Name == name);
}
