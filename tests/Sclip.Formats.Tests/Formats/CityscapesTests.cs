using System.Text.Json.Nodes;
using CsCheck;
using Sclip.Contracts;
using Sclip.Formats.Regions;
using Sclip.Formats.Tests.Readers;
using Sclip.Imaging;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Formats;

/// <summary>Cityscapes' polygons, instances and names, read as its scripts, CVAT and Datumaro do.</summary>
public sealed class CityscapesTests
{
    private const int Void = 9;
    private static readonly LabelClass[] OwnNames = [new() { Name = "road" }, new() { Name = "sky" }, new() { Name = "person" }, new() { Name = "car" }];
    private static readonly Dictionary<string, int> OwnIds = new() { ["unlabeled"] = 0, ["road"] = 7, ["sky"] = 23, ["person"] = 24, ["car"] = 26 };

    [Fact]
    public void The_reader_of_polygons_draws_as_pillow_did()
    {
        var polygons = Polygons().ToArray();
        Assert.Equal(240, polygons.Length);
        Assert.All(polygons, polygon =>
        {
            var drawn = new bool[polygon.Width * polygon.Rows.Length];
            Pillow.Polygon(polygon.Points, polygon.Width, pixel => drawn[pixel] = true);
            Assert.Equal(polygon.Rows, drawn.Chunk(polygon.Width).Select(row => string.Concat(row.Select(pixel => pixel ? '#' : '.'))));
        });
    }

    [Fact]
    public async Task Exact_polygons_give_labels_and_instances_back_by_cityscapes_scripts()
    {
        using var folder = new LabelledFolder(OwnNames);
        foreach (var (name, mask) in Mask.All)
            folder.Add($"{name}.png", mask);
        // Without a class of its own, what lies in another is drawn, too.
        foreach (var classes in (int[][])[[0, 1, 2, 3], [1, 2], [1, 3]])
        {
            var summary = await folder.ExportAsync("cityscapes", options => options with { Classes = classes, Force = true });
            Assert.Equal(0, summary.ChangedPixels);
            foreach (var name in Mask.All.Keys)
                AssertDrawn(folder, name);
        }
    }

    [Fact]
    public void Exact_polygons_give_masks_of_all_kinds_back() => Masks.Any.Hold(300, mask =>
    {
        var drawn = new DrawnOutlines(Regions(mask), 0);
        Drawn(drawn, mask).AssertIs(mask, "drawn");
        Assert.Equal(0, drawn.Loss.Changed);
    });

    [Fact]
    public void Simplified_polygons_change_no_more_than_a_twentieth_of_the_mask_and_tell_it() => Gen.Select(Masks.Any, Gen.Double[0, 5]).Holds(300, input =>
    {
        var (mask, tolerance) = input;
        var regions = Regions(mask);
        var drawn = new DrawnOutlines(regions, tolerance);
        Assert.Equal(regions.Ids.Count(id => id != RegionMap.None), drawn.Loss.Pixels);
        Assert.InRange(drawn.Loss.Changed, 0, 0.05 * drawn.Loss.Pixels);
        // Pillow's versions differ in single corners of slanting edges, which are not counted.
        var changed = Drawn(drawn, mask).Labels.Zip(mask.Labels).Count(pixel => pixel.First != pixel.Second);
        Assert.InRange(changed, drawn.Loss.Changed - 0.01 * mask.Labels.Length - 2, drawn.Loss.Changed + 0.01 * mask.Labels.Length + 2);
    }, input => $"tolerance {input.Item2}, {input.Item1.Text}");

    [Fact]
    public async Task A_large_region_has_few_corners_at_the_usual_tolerance()
    {
        using var folder = new LabelledFolder(OwnNames);
        folder.Add("a.png", Mask.Random(7, 160, 120, null, scale: 24));
        int Corners() => JsonNode.Parse(folder.Text("gtFine/train/images/a_gtFine_polygons.json"))!["objects"]!.AsArray().Sum(drawn => drawn!["polygon"]!.AsArray().Count);
        await folder.ExportAsync("cityscapes");
        var exact = Corners();
        var summary = await folder.ExportAsync("cityscapes", options => options with { Tolerance = 1, Force = true });
        Assert.True(3 * Corners() < 2 * exact, $"{Corners()} of {exact} corners");
        Assert.InRange(summary.ChangedPixels, 1, 0.02 * summary.PolygonPixels);
        Assert.Equal(summary.ChangedPixels, JsonNode.Parse(folder.Text("sclip-folder.json"))!["counts"]!["changed_polygon_pixels"]!.GetValue<long>());
    }

    [Fact]
    public async Task More_things_than_there_are_numbers_are_a_group()
    {
        using var folder = new LabelledFolder(OwnNames);
        // 1200 single cars, and a large one.
        folder.Add("a.png", Mask.Random(0, 100, 49, (x, y) => (y > 46 || x % 2 == 1 && y % 2 == 0) && !(y == 46) ? 3 : 0));
        await folder.ExportAsync("cityscapes");
        AssertDrawn(folder, "a");
        var ids = Instances(folder, "a");
        Assert.Equal(1000, ids.Where(id => id >= 1000).Distinct().Count());
        Assert.Equal(26_000, ids[^1]);
        Assert.Contains(26, ids);
        Assert.Contains("that have no number of their own in _gtFine_instanceIds.png: 151,", Assert.Single(folder.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Things_are_those_that_are_named_where_names_are_others()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.png", Mask.All["diagonal"]);
        await folder.ExportAsync("cityscapes", options => options with { Things = [1] });
        Assert.Equal([2000, 1, 1, 1, 1, 2001, 1, 1, 1, 1, 2002, 1, 1, 1, 1, 2003], Instances(folder, "a"));
        using var many = new LabelledFolder([.. Enumerable.Range(0, 80).Select(i => new LabelClass { Name = $"class {i}" })]);
        many.Add("a.png", new Mask(2, 1, [64, 79]));
        await many.ExportAsync("cityscapes", options => options with { Things = [64] });
        Assert.Equal([65_000, 80], Instances(many, "a"));
        Assert.Contains("'class 65' has id 66", (await Assert.ThrowsAsync<ExportException>(() => many.ExportAsync("cityscapes", options => options with { Things = [65], Force = true }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_are_others_are_told_to_cvat_and_datumaro()
    {
        LabelClass[] classes = [new() { Name = "tall tree", Color = new(1, 2, 3) }, new() { Name = "tall_tree", Color = new(1, 2, 4) }, new() { Name = "Käfer, rot", Color = new(1, 2, 5) }];
        using var folder = new LabelledFolder(classes);
        folder.Add("a.png", new Mask(3, 1, [0, 1, 2]));
        await folder.ExportAsync("cityscapes", options => options with { Classes = [0, 2] });
        // The class whose line it is stays the same, also where it is left out, and with a reader that looks for black.
        string[] names = ["tall_tree", "tall_tree_2", "Käfer,_rot", "background"];
        Assert.Equal(names, Cityscapes.Names(folder.Text("label_colors.txt")));
        Assert.Equal(names, Cityscapes.NewestNames(folder.Text("label_colors.txt")));
        Assert.Contains("calls 'tall tree' tall_tree, 'Käfer, rot' Käfer,_rot", folder.Notices[0], StringComparison.Ordinal);
        Assert.Contains("CVAT refuses them", folder.Notices[1], StringComparison.Ordinal);
        using var background = new LabelledFolder([new() { Name = "a", Color = new(1, 2, 3) }, new() { Name = "Background", Color = new(3, 3, 3) }]);
        await background.ExportAsync("cityscapes");
        Assert.Equal("1 2 3 a\n0 0 0 Background\n", background.Text("label_colors.txt"));
        using var own = new LabelledFolder(OwnNames);
        await own.ExportAsync("cityscapes");
        Assert.False(File.Exists(Path.Combine(own.Out, "label_colors.txt")));
    }

    [Fact]
    public async Task A_city_is_one_folder()
    {
        using var folder = new LabelledFolder(OwnNames);
        folder.Add("sub/folder/deep.jpg", Mask.All["nested"]);
        await folder.ExportAsync("cityscapes");
        AssertDrawn(folder, "deep", "sub_folder");
    }

    private static RegionMap Regions(Mask mask) => VoidRegions.With(mask.Map, RegionMap.Of(mask.Map, 1), Void);

    private static Mask Drawn(DrawnOutlines drawn, Mask like)
    {
        var read = Mask.Empty(like.Width, like.Height);
        foreach (var region in drawn.Regions)
            Pillow.Polygon([.. drawn.Ring(region).ToArray().Select(vertex => ((int)vertex.X, (int)vertex.Y))], like.Width, pixel => read.Labels[pixel] = region.Class == Void ? Mask.None : region.Class);
        return read;
    }

    private static void AssertDrawn(LabelledFolder folder, string name, string city = "images")
    {
        var start = $"gtFine/train/{city}/{name}_gtFine_";
        var (labels, width, height) = MaskDecoder.Read(folder.Bytes($"{start}labelIds.png"), ImageLimits.Default);
        var polygons = JsonNode.Parse(folder.Text($"{start}polygons.json"))!;
        new Mask(width, height, Cityscapes.LabelIds(polygons, OwnIds)).AssertIs(new Mask(width, height, [.. labels.Select(label => (int)label)]), $"labels of {name}");
        new Mask(width, height, Cityscapes.InstanceIds(polygons, OwnIds, ["person", "car"])).AssertIs(new Mask(width, height, Instances(folder, name, city)), $"instances of {name}");
    }

    private static int[] Instances(LabelledFolder folder, string name, string city = "images") =>
        [.. MaskDecoder.Read(folder.Bytes($"gtFine/train/{city}/{name}_gtFine_instanceIds.png"), ImageLimits.Default).Labels.Select(id => (int)id)];

    /// <summary>Random polygons as Pillow 9.4 drew them: width, height, corners, rows.</summary>
    private static IEnumerable<(int Width, (int, int)[] Points, string[] Rows)> Polygons()
    {
        using var stream = typeof(CityscapesTests).Assembly.GetManifestResourceStream("pillow-polygons.txt")!;
        using var reader = new StreamReader(stream);
        foreach (var line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split('|');
            yield return ((int)Polygon.Numbers(fields[0], ' ').Single(), [.. Polygon.Points(Polygon.Numbers(fields[2], ' ', ',')).Select(point => ((int)point.X, (int)point.Y))], fields[3].Split('/'));
        }
    }
}
