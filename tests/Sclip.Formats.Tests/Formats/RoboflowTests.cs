using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Formats.Tests.Readers;

namespace Sclip.Formats.Tests.Formats;

/// <summary>COCO as Roboflow lays it.</summary>
public sealed class RoboflowTests
{
    [Fact]
    public async Task Regions_are_polygons_beside_their_pictures()
    {
        using var folder = OddNames.Folder();
        await folder.ExportAsync("roboflow-coco");
        var document = JsonNode.Parse(folder.Text("train/_annotations.coco.json"))!;
        Assert.Equal(OddNames.Pictures.Keys, document["images"]!.AsArray().Select(image => image!["file_name"]!.GetValue<string>()));
        foreach (var (picture, mask) in OddNames.Pictures)
        {
            Assert.Equal($"train/{picture}", folder.PlaceOf("roboflow-coco", picture, "train"));
            Read(document, picture).AssertIs(mask, picture);
        }
    }

    [Fact]
    public async Task Category_0_stands_above_and_the_others_have_no_gaps()
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("roboflow-coco");
        var document = JsonNode.Parse(folder.Text("train/_annotations.coco.json"))!;
        var categories = document["categories"]!.AsArray();
        Assert.Equal(["0 objects none", .. LabelledFolder.FourClasses.Select((label, i) => $"{i + 1} {label.Name} objects")],
            categories.Select(category => $"{category!["id"]} {category["name"]} {category["supercategory"]}"));
        foreach (var (name, mask) in Mask.All)
            Read(document, $"{name}.jpg").AssertIs(mask.Without(0), name);
    }

    [Fact]
    public async Task A_class_may_be_called_as_the_category_above()
    {
        using var folder = new LabelledFolder([new LabelClass { Name = "objects" }, new LabelClass { Name = "b" }]);
        await folder.ExportAsync("roboflow-coco");
        Assert.Equal(["all objects", "objects", "b"], JsonNode.Parse(folder.Text("train/_annotations.coco.json"))!["categories"]!.AsArray().Select(category => category!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_part_to_validate_on_is_called_valid()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["one"]);
        folder.Add("e.jpg", Mask.All["one"]);
        await folder.ExportAsync("roboflow-coco", options => options with { Validation = 0.2 });
        Assert.Equal("e.jpg", Assert.Single(JsonNode.Parse(folder.Text("valid/_annotations.coco.json"))!["images"]!.AsArray())!["file_name"]!.GetValue<string>());
        Assert.Equal("a.jpg", Assert.Single(JsonNode.Parse(folder.Text("train/_annotations.coco.json"))!["images"]!.AsArray())!["file_name"]!.GetValue<string>());
    }

    private static Mask Read(JsonNode document, string picture)
    {
        var image = document["images"]!.AsArray().Single(image => image!["file_name"]!.GetValue<string>() == picture)!;
        var mask = Mask.Empty(image["width"]!.GetValue<int>(), image["height"]!.GetValue<int>());
        foreach (var annotation in document["annotations"]!.AsArray().Where(annotation => annotation!["image_id"]!.GetValue<int>() == image["id"]!.GetValue<int>()))
        {
            Assert.Equal(0, annotation!["iscrowd"]!.GetValue<int>());
            mask.Paint(Coco.Pixels(annotation["segmentation"]!.AsArray(), mask.Width, mask.Height), annotation["category_id"]!.GetValue<int>() - 1);
        }
        return mask;
    }
}
