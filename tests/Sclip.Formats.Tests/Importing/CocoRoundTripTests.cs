using Sclip.Formats.Importing;
using Sclip.Formats.Regions;
using Sclip.Labels;

namespace Sclip.Formats.Tests.Importing;

/// <summary>What is exported to COCO's formats comes back with every pixel.</summary>
public sealed class CocoRoundTripTests
{
    private const int Background = 0, Least = 4;
    private static readonly int[] Chosen = [1, 4];

    [Theory]
    [InlineData(ExportShapes.Auto)]
    [InlineData(ExportShapes.Polygon)]
    [InlineData(ExportShapes.Mask)]
    public Task Instances_leave_the_background_and_it_comes_back(ExportShapes shapes) => Same("coco-instances", options => options with { Shapes = shapes }, leavesBackground: true, mask => mask);

    [Theory]
    [InlineData(ExportShapes.Auto)]
    [InlineData(ExportShapes.Polygon)]
    public Task Instances_of_the_background_leave_void(ExportShapes shapes) =>
        Same("coco-instances", options => options with { Shapes = shapes, KeepBackground = true, MinArea = Least }, leavesBackground: false, WithoutSmall);

    [Fact]
    public Task Stuff_has_all_classes() => Same("coco-stuff", options => options, leavesBackground: false, mask => mask);

    [Fact]
    public Task Stuff_of_some_classes_leaves_the_others_void() => Same("coco-stuff", options => options with { Classes = Chosen }, leavesBackground: false, OfChosen);

    [Fact]
    public Task Stuff_without_small_regions_leaves_them_void() => Same("coco-stuff", options => options with { MinArea = Least }, leavesBackground: false, WithoutSmall);

    [Fact]
    public Task Panoptic_leaves_the_background_void() => Same("coco-panoptic", options => options, leavesBackground: false, mask => mask.Without(Background));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Panoptic_has_things_and_stuff(bool things) =>
        Same("coco-panoptic", options => options with { KeepBackground = true, Things = things ? Chosen : [] }, leavesBackground: false, mask => mask);

    [Fact]
    public Task Panoptic_of_some_classes_leaves_the_others_void() => Same("coco-panoptic", options => options with { Classes = Chosen, Things = [Chosen[0]], MinArea = 1 }, leavesBackground: false, OfChosen);

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public async Task Roboflow_s_form_comes_back_without_the_category_above_its_classes(double validation)
    {
        using var folder = HandMade.Folder();
        await folder.ExportAsync("roboflow-coco", options => options with { Validation = validation });
        using var set = AnnotationFolder.Open(folder.Out);
        Assert.Equal(HandMade.Classes.Select(label => label.Name), set.Classes.Select(label => label.Name));
        Assert.True(set.LeavesBackground);
        var names = set.Pictures(CancellationToken.None).ToArray();
        Assert.Equal(HandMade.Pictures.Keys.Order(StringComparer.Ordinal), names.Select(Below).Order(StringComparer.Ordinal));
        Assert.Equal(validation > 0, names.Any(name => name.StartsWith("valid/", StringComparison.Ordinal)));
        foreach (var name in names)
            set.Mask(name, HandMade.Classes).AssertIs(HandMade.Pictures[Below(name)], name);

        static string Below(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
    }

    [Theory]
    [InlineData("coco-panoptic", true, "a.jpg")]
    [InlineData("coco-panoptic", false, "e.jpg")]
    [InlineData("coco-panoptic", true)]
    [InlineData("coco-instances", true, "a.jpg")]
    [InlineData("coco-instances", true, "a.jpg", "e.jpg")]
    [InlineData("coco-instances", false, "a.jpg", "e.jpg")]
    [InlineData("coco-stuff", false, "e.jpg")]
    public async Task A_part_to_validate_on_without_pictures_or_annotations_goes_with_the_other(string format, bool background, params string[] pictures)
    {
        using var folder = new LabelledFolder();
        // The first is of the training part, the second of the other, which has no background.
        foreach (var picture in pictures)
            folder.Add(picture, picture == "a.jpg" ? Mask.All["one"] : Mask.Parse("11", "22"));
        await folder.ExportAsync(format, options => options with { Validation = 0.2, KeepBackground = background });
        using var set = AnnotationFolder.Open(folder.Out);
        Assert.Equal(pictures, set.Pictures(CancellationToken.None));
        Assert.Equal(format == "coco-instances" && !background, set.LeavesBackground);
        if (format == "coco-instances")
            foreach (var picture in pictures)
                set.Mask(picture, LabelledFolder.FourClasses).AssertIs(picture == "a.jpg" ? Mask.All["one"] : Mask.Parse("11", "22"), picture);
    }

    [Fact]
    public async Task An_export_in_a_format_that_is_not_read_is_refused_by_its_name()
    {
        using var folder = HandMade.Folder();
        await folder.ExportAsync("ade20k");
        Assert.Contains("is an export in the format ade20k, which is not read.", Assert.Throws<ImportException>(() => AnnotationFolder.Open(folder.Out)).Message, StringComparison.Ordinal);
    }

    private static async Task Same(string format, Func<ExportOptions, ExportOptions> with, bool leavesBackground, Func<Mask, Mask> expected)
    {
        using var folder = HandMade.Folder();
        await folder.ExportAsync(format, with);
        Assert.Empty(folder.Failures);
        using var set = AnnotationFolder.Open(folder.Out);
        Assert.Equal(leavesBackground, set.LeavesBackground);
        Assert.Equal(HandMade.Pictures.Keys.Order(StringComparer.Ordinal), set.Pictures(CancellationToken.None).Order(StringComparer.Ordinal));
        var places = set.Classes.Select(label => Array.FindIndex(HandMade.Classes, own => own.Name == label.Name)).ToArray();
        foreach (var (name, mask) in HandMade.Pictures)
        {
            var map = set.Read(name);
            Assert.Equal(map.Labels.Length, set.PixelsOf(name));
            new Mask(map.Width, map.Height, [.. map.Labels.Select(label => label != LabelMap.Nothing ? places[label] : leavesBackground ? Background : Mask.None)]).AssertIs(expected(mask), name);
        }
    }

    private static Mask OfChosen(Mask mask) => mask.Without([.. Enumerable.Range(0, HandMade.Classes.Length).Except(Chosen)]);

    private static Mask WithoutSmall(Mask mask)
    {
        var map = mask.Map;
        RegionMap.Of(map, Least);
        return mask with { Labels = [.. map.Labels.Select(label => label == LabelMap.Nothing ? Mask.None : label)] };
    }
}
