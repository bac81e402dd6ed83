using Sclip.Contracts;
using Sclip.Formats.Tests.Readers;

namespace Sclip.Formats.Tests.Formats;

/// <summary>Pascal VOC, read as CVAT and Datumaro read it, and by values.</summary>
public sealed class VocTests
{
    public static TheoryData<string> Formats => ["voc", "voc-objects"];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Values_and_colours_give_every_pixel_back(string format)
    {
        using var folder = LabelledFolder.OfAll();
        foreach (var name in LabelledFolder.HandMadeNames)
            folder.Add(name, Mask.All["nested"]);
        await folder.ExportAsync(format, options => options with { Split = "val" });
        var all = Mask.All.Concat(LabelledFolder.HandMadeNames.Select(name => KeyValuePair.Create(Path.ChangeExtension(name, null), Mask.All["nested"]))).ToArray();
        var voc = new Voc(folder);
        Assert.Equal(all.Select(item => item.Key), voc.Names("val"));
        Assert.Equal(LabelledFolder.FourClasses.Select(label => label.Name), voc.Labels);
        foreach (var (name, mask) in all)
        {
            folder.Values($"SegmentationClass/{name}.png", nothing: 255, offset: 0).AssertIs(mask, name);
            Assert.Equal(mask.Labels.Select(label => LabelledFolder.FourClasses[label].Name), voc.ClassesOf(name));
        }
        Assert.StartsWith("# label:color_rgb:parts:actions\nbackground:0,0,0::\ngrass:10,200,30::\n", folder.Text("labelmap.txt"), StringComparison.Ordinal);
        if (format == "voc")
            Assert.Empty(folder.Notices);
    }

    [Fact]
    public async Task Void_is_declared_where_there_is_any_and_no_class_has_its_colour_or_name()
    {
        using var folder = new LabelledFolder([new() { Name = "a", Color = new(224, 224, 192) }, new() { Name = "ignored" }, new() { Name = "b" }]);
        folder.Add("a.jpg", Mask.Parse("0011", "0022"));
        await folder.ExportAsync("voc");
        Assert.Equal(["a", "ignored", "b"], new Voc(folder).Labels);
        Assert.Empty(folder.Notices);
        await folder.ExportAsync("voc", options => options with { Classes = [0, 1], Force = true });
        var voc = new Voc(folder);
        Assert.Equal(["a", "ignored", "ignored_2"], voc.Labels);
        Assert.Equal(["a", "a", "ignored", "ignored", "a", "a", "ignored_2", "ignored_2"], voc.ClassesOf("a"));
        Assert.EndsWith("ignored_2:224,224,192::\n", folder.Text("labelmap.txt"), StringComparison.Ordinal);
        Assert.Contains("A CVAT project needs a label 'ignored_2'", Assert.Single(folder.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Small_regions_are_void_that_is_declared()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["corners"]);
        await folder.ExportAsync("voc", options => options with { MinArea = 2 });
        Assert.Equal(Mask.All["corners"].Labels.Select(label => label == 1 ? "ignored" : "background"), new Voc(folder).ClassesOf("a"));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Names_that_labelmap_cannot_hold_are_others_there_and_told(string format)
    {
        string[] names = ["#sky", "_sky", "grass: wet", "grass_ wet_2", "grass_ wet", "C# code", "a, b", "100 %"];
        using var folder = new LabelledFolder([.. names.Select(name => new LabelClass { Name = name })]);
        folder.Add("a.jpg", new Mask(names.Length, 1, [.. Enumerable.Range(0, names.Length)]));
        await folder.ExportAsync(format);
        string[] expected = ["_sky_2", "_sky", "grass_ wet_3", "grass_ wet_2", "grass_ wet", "C# code", "a, b", "100 %"];
        var voc = new Voc(folder);
        Assert.Equal(expected, voc.Labels);
        Assert.Equal(expected, voc.ClassesOf("a"));
        Assert.Contains("'#sky' is '_sky_2', 'grass: wet' is 'grass_ wet_3'", Assert.Single(folder.Notices), StringComparison.Ordinal);
        if (format == "voc-objects")
            Assert.Equal(expected, voc.BoxesOf("a").Select(box => box.Label));
    }

    [Fact]
    public async Task Names_that_readers_of_lists_pass_over_are_told()
    {
        using var folder = new LabelledFolder();
        foreach (var name in (string[])["#1.jpg", " a.jpg", "b .jpg", "c#d.jpg", "e/#f.jpg"])
            folder.Add(name, Mask.All["one"]);
        await folder.ExportAsync("voc", options => options with { Split = "my_part" });
        Assert.Contains(folder.Notices, notice => notice.Contains("(3 here)", StringComparison.Ordinal));
        Assert.Contains(folder.Notices, notice => notice.Contains("my_part.txt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Objects_are_the_regions_of_all_classes_but_the_background_with_their_boxes()
    {
        using var folder = LabelledFolder.OfAll();
        folder.Add("deep/a b.png", Mask.All["blobs"]);
        await folder.ExportAsync("voc-objects");
        var voc = new Voc(folder);
        Assert.Equal(voc.Names("train"), voc.Names("train", "Main"));
        // Noise has more objects than there are numbers.
        foreach (var (name, mask) in Mask.All.Append(new("deep/a b", Mask.All["blobs"])).Where(item => item.Key != "noise"))
        {
            var (objects, boxes) = (voc.ObjectsOf(name), voc.BoxesOf(name));
            Assert.Equal(mask.Labels.Select(label => label == 0), objects.Select(number => number == 0));
            Assert.Equal(boxes.Length, objects.Max());
            foreach (var (i, box) in boxes.Index())
            {
                var pixels = Enumerable.Range(0, objects.Length).Where(pixel => objects[pixel] == i + 1).ToArray();
                Assert.Equal(box.Label, LabelledFolder.FourClasses[Assert.Single(pixels.Select(pixel => mask.Labels[pixel]).Distinct())].Name);
                var (columns, rows) = (pixels.Select(pixel => pixel % mask.Width).ToArray(), pixels.Select(pixel => pixel / mask.Width).ToArray());
                Assert.Equal((columns.Min() + 1, rows.Min() + 1, columns.Max() + 1, rows.Max() + 1), (box.Left, box.Top, box.Right, box.Bottom));
            }
            var (annotation, size) = (voc.Annotation(name), voc.Annotation(name).Element("size")!);
            Assert.Equal($"{name}.jpg", annotation.Element("filename")!.Value);
            Assert.Equal((mask.Width, mask.Height, 3), ((int)size.Element("width")!, (int)size.Element("height")!, (int)size.Element("depth")!));
        }
    }

    [Fact]
    public async Task Things_choose_the_objects_and_what_has_no_class_is_void()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.Parse("00112233"));
        await folder.ExportAsync("voc-objects", options => options with { Things = [1], Classes = [0, 1, 2] });
        var voc = new Voc(folder);
        Assert.Equal([0, 0, 1, 1, 0, 0, 255, 255], voc.ObjectsOf("a"));
        Assert.Equal([("grass", 3, 1, 4, 1)], voc.BoxesOf("a"));
        Assert.Contains(folder.Notices, notice => notice.Contains("--things alone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_picture_of_more_objects_than_8_bits_can_number_has_its_boxes_alone()
    {
        using var folder = new LabelledFolder();
        // 253 regions of one pixel in a row and one of two; and one region more.
        folder.Add("most.jpg", Mask.Random(1, 508, 1, (x, _) => x < 506 ? x % 2 : 2));
        folder.Add("more.jpg", Mask.Random(1, 510, 1, (x, _) => x < 508 ? x % 2 : 2));
        await folder.ExportAsync("voc-objects");
        var voc = new Voc(folder);
        Assert.Equal(254, voc.ObjectsOf("most").Where(number => number is > 0 and < 255).Distinct().Count());
        Assert.False(File.Exists(Path.Combine(folder.Out, "SegmentationObject/more.png")));
        Assert.Equal((254, 255), (voc.BoxesOf("most").Length, voc.BoxesOf("more").Length));
        Assert.Contains("1 with more has no such file", Assert.Single(folder.Notices), StringComparison.Ordinal);
    }
}
