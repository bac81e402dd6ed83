using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Formats.Tests.Readers;
using Sclip.Imaging;

namespace Sclip.Formats.Tests.Formats;

/// <summary>COCO's formats, each read back and compared pixel by pixel.</summary>
public sealed class CocoTests
{
    [Fact]
    public async Task Stuff_has_pixel_maps_and_a_mask_a_class()
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("coco-stuff");
        var document = JsonNode.Parse(folder.Text("annotations/stuff_train.json"))!;
        Assert.Equal([1, 2, 3, 4], Ids(document["categories"]!));
        Assert.Equal("Käfer", document["categories"]![3]!["name"]!.GetValue<string>());
        foreach (var (image, mask, annotations) in Images(document))
        {
            folder.Values($"pixelmaps/{image}.png", nothing: 0, offset: 1).AssertIs(mask, image);
            Assert.Equal(annotations.Count, annotations.Select(annotation => annotation["category_id"]!.GetValue<int>()).Distinct().Count());
            Read(annotations, mask).AssertIs(mask, image);
        }
    }

    [Theory]
    [InlineData(ExportShapes.Auto)]
    [InlineData(ExportShapes.Polygon)]
    [InlineData(ExportShapes.Mask)]
    public async Task Instances_are_the_regions(ExportShapes shapes)
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("coco-instances", options => options with { Shapes = shapes, ImagePrefix = "set/" });
        var document = JsonNode.Parse(folder.Text("annotations/instances_train.json"))!;
        Assert.Equal([2, 3, 4], Ids(document["categories"]!));
        Assert.Equal(Enumerable.Range(1, document["annotations"]!.AsArray().Count), Ids(document["annotations"]!));
        var (masks, polygons) = (0, 0);
        foreach (var (image, mask, annotations) in Images(document, "set/"))
        {
            Read(annotations, mask).AssertIs(mask.Without(0), image);
            masks += annotations.Count(annotation => annotation["segmentation"] is JsonObject);
            polygons += annotations.Count(annotation => annotation["segmentation"] is JsonArray);
        }
        Assert.Equal((shapes != ExportShapes.Polygon, shapes != ExportShapes.Mask), (masks > 0, polygons > 0));
    }

    [Fact]
    public async Task Pixels_that_touch_at_a_corner_are_objects_of_their_own()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["diagonal"]);
        await folder.ExportAsync("coco-instances");
        Assert.Equal(4, JsonNode.Parse(folder.Text("annotations/instances_train.json"))!["annotations"]!.AsArray().Count);
    }

    [Fact]
    public async Task Ids_of_pictures_are_their_places_whatever_is_left_out()
    {
        using var folder = new LabelledFolder();
        folder.Add("unsure.jpg", Mask.All["hole"], 0.2);
        folder.Add("unknown.jpg", Mask.All["hole"], null);
        folder.Add("sure.jpg", Mask.All["hole"], 0.6);
        Assert.Equal((1, 2), await folder.ExportAsync("coco-instances", options => options with { MinConfidence = 0.6 }) is var summary ? (summary.Exported, summary.LeftOut) : default);
        Assert.Equal([3], Ids(JsonNode.Parse(folder.Text("annotations/instances_train.json"))!["images"]!));
    }

    [Fact]
    public async Task Panoptic_pictures_have_a_segment_a_stuff_class_and_one_a_region_of_things()
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("coco-panoptic", options => options with { Things = [1] });
        var document = JsonNode.Parse(folder.Text("annotations/panoptic_train.json"))!;
        Assert.Equal([1, 0, 0], document["categories"]!.AsArray().Select(category => category!["isthing"]!.GetValue<int>()));
        var names = document["images"]!.AsArray().ToDictionary(image => image!["id"]!.GetValue<int>(), image => Path.ChangeExtension(image!["file_name"]!.GetValue<string>(), null));
        Assert.Equal(Mask.All.Count, document["annotations"]!.AsArray().Count);
        foreach (var annotation in document["annotations"]!.AsArray())
        {
            var name = names[annotation!["image_id"]!.GetValue<int>()];
            Assert.Equal($"{name}.png", annotation["file_name"]!.GetValue<string>());
            var picture = ImageDecoder.Decode(folder.Bytes($"annotations/panoptic_train/{name}.png"), ImageLimits.Default);
            var ids = picture.Pixels.Chunk(3).Select(rgb => rgb[0] + 256 * rgb[1] + 65536 * rgb[2]).ToArray();
            var read = Mask.Empty(picture.Width, picture.Height);
            foreach (var segment in annotation["segments_info"]!.AsArray())
            {
                var pixels = Enumerable.Range(0, ids.Length).Where(i => ids[i] == segment!["id"]!.GetValue<int>()).ToArray();
                AssertBounds(segment!, pixels, picture.Width);
                read.Paint(pixels, segment!["category_id"]!.GetValue<int>() - 1);
            }
            Assert.Equal(ids.Count(id => id == 0), read.Labels.Count(label => label == Mask.None));
            read.AssertIs(Mask.All[name].Without(0), name);
            if (name == "diagonal")
                Assert.Equal(4, annotation["segments_info"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task What_panopticapi_divides_by_is_told()
    {
        using var folder = new LabelledFolder();
        foreach (var (things, said) in ((int[], string?)[])[([], "--things \"a, b\""), ([1, 2, 3], "leave those out of --things"), ([1], null)])
        {
            await folder.ExportAsync("coco-panoptic", options => options with { Things = things, Force = true });
            if (said is null)
                Assert.Empty(folder.Notices);
            else
                Assert.Contains(said, Assert.Single(folder.Notices), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1, "a", "Background", "b")]
    [InlineData(0, "background", "a", "b")]
    [InlineData(null, "a", "b", "c")]
    public async Task A_background_is_left_out_by_its_name_wherever_it_stands(int? background, params string[] names)
    {
        using var folder = new LabelledFolder([.. names.Select(name => new LabelClass { Name = name })]);
        folder.Add("a.jpg", new Mask(3, 1, [0, 1, 2]));
        await folder.ExportAsync("coco-instances");
        var categories = JsonNode.Parse(folder.Text("annotations/instances_train.json"))!["categories"]!.AsArray().Select(item => item!["name"]!.GetValue<string>());
        Assert.Equal(names.Where((_, i) => i != background), categories);
    }

    [Fact]
    public async Task A_background_is_kept_where_it_is_asked_for()
    {
        using var folder = new LabelledFolder();
        folder.Add("hole.jpg", Mask.All["hole"]);
        await folder.ExportAsync("coco-instances", options => options with { KeepBackground = true });
        foreach (var (image, mask, annotations) in Images(JsonNode.Parse(folder.Text("annotations/instances_train.json"))!))
            Read(annotations, mask).AssertIs(mask, image);
    }

    [Theory]
    [InlineData(1, 0.85)]
    [InlineData(2, 0.75)]
    public async Task Simplified_polygons_stay_near_the_mask(int tolerance, double least)
    {
        using var folder = new LabelledFolder();
        var mask = Mask.Random(7, 160, 120, null, scale: 24);
        folder.Add("a.jpg", mask);
        await folder.ExportAsync("coco-instances", options => options with { Tolerance = tolerance, Shapes = ExportShapes.Polygon, KeepBackground = true });
        var (corners, annotations) = (0, JsonNode.Parse(folder.Text("annotations/instances_train.json"))!["annotations"]!.AsArray());
        var exact = new Sclip.Labels.LabelMap([.. mask.Labels.Select(label => (ushort)label)], mask.Width, mask.Height);
        var regions = Sclip.Formats.Regions.RegionMap.Of(exact, 1);
        foreach (var (annotation, region) in annotations.Zip(regions.Regions))
        {
            corners += annotation!["segmentation"]![0]!.AsArray().Count / 2;
            var read = Coco.Pixels(annotation["segmentation"]!, mask.Width, mask.Height).ToHashSet();
            var there = Enumerable.Range(0, mask.Labels.Length).Where(i => regions.Ids[i] == region.Index).ToHashSet();
            Assert.True(read.Intersect(there).Count() >= least * read.Union(there).Count(), $"region {region}: IoU {(double)read.Intersect(there).Count() / read.Union(there).Count():F3}");
        }
        Assert.True(corners < Sclip.Formats.Regions.ContourTracer.Trace(regions).Sum(rings => rings.Sum(ring => ring.Length)) / 2);
    }

    private static IEnumerable<int> Ids(JsonNode array) => array.AsArray().Select(item => item!["id"]!.GetValue<int>());

    private static IEnumerable<(string Image, Mask Mask, List<JsonNode> Annotations)> Images(JsonNode document, string prefix = "")
    {
        var byImage = document["annotations"]!.AsArray().ToLookup(annotation => annotation!["image_id"]!.GetValue<int>(), annotation => annotation!);
        foreach (var image in document["images"]!.AsArray())
        {
            var name = image!["file_name"]!.GetValue<string>();
            Assert.StartsWith(prefix, name, StringComparison.Ordinal);
            var mask = Mask.All[Path.ChangeExtension(name[prefix.Length..], null)];
            Assert.Equal((mask.Width, mask.Height), (image["width"]!.GetValue<int>(), image["height"]!.GetValue<int>()));
            yield return (name[prefix.Length..^4], mask, [.. byImage[image["id"]!.GetValue<int>()]]);
        }
    }

    private static Mask Read(IEnumerable<JsonNode> annotations, Mask like)
    {
        var read = Mask.Empty(like.Width, like.Height);
        foreach (var annotation in annotations)
        {
            Assert.Equal(0, annotation["iscrowd"]!.GetValue<int>());
            var pixels = Coco.Pixels(annotation["segmentation"]!, like.Width, like.Height).ToArray();
            AssertBounds(annotation, pixels, like.Width);
            read.Paint(pixels, annotation["category_id"]!.GetValue<int>() - 1);
        }
        return read;
    }

    private static void AssertBounds(JsonNode annotation, int[] pixels, int width)
    {
        Assert.Equal(annotation["area"]!.GetValue<int>(), pixels.Length);
        var (left, top) = (pixels.Min(i => i % width), pixels.Min(i => i / width));
        Assert.Equal([left, top, pixels.Max(i => i % width) - left + 1, pixels.Max(i => i / width) - top + 1], annotation["bbox"]!.AsArray().Select(number => number!.GetValue<int>()));
    }
}
