using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sclip.Formats.Tests.Readers;

namespace Sclip.Formats.Tests.Formats;

/// <summary>Formats of annotators, each read back and compared pixel by pixel.</summary>
public sealed class AnnotatorTests
{
    [Theory]
    [InlineData(ExportShapes.Auto)]
    [InlineData(ExportShapes.Polygon)]
    [InlineData(ExportShapes.Mask)]
    public async Task Cvat_has_polygons_and_masks(ExportShapes shapes)
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("cvat", options => options with { Shapes = shapes });
        var document = XDocument.Parse(folder.Text("annotations.xml")).Root!;
        Assert.Equal("1.1", document.Element("version")!.Value);
        Assert.Equal(["grass", "a \"boat\" & <oar>", "Käfer"], document.Descendants("label").Select(label => label.Element("name")!.Value));
        Assert.Equal(Enumerable.Range(0, Mask.All.Count), document.Elements("image").Select(image => (int)image.Attribute("id")!));
        foreach (var image in document.Elements("image"))
        {
            var name = Path.ChangeExtension(image.Attribute("name")!.Value, null);
            var read = Mask.Empty((int)image.Attribute("width")!, (int)image.Attribute("height")!);
            foreach (var shape in image.Elements())
                read.Paint(shape.Name == "mask" ? Pixels(shape, read.Width) : Polygon.Fill(Polygon.Points(Polygon.Numbers(shape.Attribute("points")!.Value, ',', ';')), read.Width, read.Height),
                    Array.FindIndex(LabelledFolder.FourClasses, label => label.Name == shape.Attribute("label")!.Value));
            read.AssertIs(Mask.All[name].Without(0), name);
        }
        Assert.Equal((shapes != ExportShapes.Mask, shapes != ExportShapes.Polygon), (document.Descendants("polygon").Any(), document.Descendants("mask").Any()));
    }

    [Theory]
    [InlineData(ExportShapes.Auto)]
    [InlineData(ExportShapes.Polygon)]
    public async Task Label_studio_has_tasks_with_predictions(ExportShapes shapes)
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("labelstudio", options => options with { Shapes = shapes, ImagePrefix = "/data/local-files/?d=set/" });
        var type = shapes == ExportShapes.Polygon ? "polygonlabels" : "brushlabels";
        var tasks = JsonNode.Parse(folder.Text("tasks.json"))!.AsArray();
        Assert.Equal(Mask.All.Keys.Select(name => $"/data/local-files/?d=set/{name}.jpg"), tasks.Select(task => task!["data"]!["image"]!.GetValue<string>()));
        foreach (var (task, (name, mask)) in tasks.Zip(Mask.All, (task, item) => (task!, (item.Key, item.Value))))
        {
            var read = Mask.Empty(mask.Width, mask.Height);
            var prediction = task["predictions"]![0]!;
            Assert.Equal(0.5, prediction["score"]!.GetValue<double>());
            foreach (var result in prediction["result"]!.AsArray())
            {
                Assert.Equal((type, mask.Width, mask.Height), (result!["type"]!.GetValue<string>(), result["original_width"]!.GetValue<int>(), result["original_height"]!.GetValue<int>()));
                var value = result["value"]!;
                read.Paint(value["rle"] is JsonArray rle ? Brush(rle) : Polygon.Fill(Polygon.Points(value["points"]!.AsArray().SelectMany(point => point!.AsArray()).Select(number => number!.GetValue<double>()), mask.Width / 100.0, mask.Height / 100.0), mask.Width, mask.Height),
                    Array.FindIndex(LabelledFolder.FourClasses, label => label.Name == value[type]![0]!.GetValue<string>()));
            }
            read.AssertIs(mask.Without(0), name);
        }
        var setup = XDocument.Parse(folder.Text("label_config.xml")).Root!;
        Assert.Equal(["grass", "a \"boat\" & <oar>", "Käfer"], setup.Descendants("Label").Select(label => label.Attribute("value")!.Value));
        Assert.Equal("#0ac81e", setup.Descendants("Label").First().Attribute("background")!.Value);
    }

    [Fact]
    public async Task Cvat_is_told_the_labels_and_a_person_what_other_readers_leave_out()
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("cvat");
        var labels = JsonNode.Parse(folder.Text("labels_raw.json"))!.AsArray();
        Assert.Equal(["grass", "a \"boat\" & <oar>", "Käfer"], labels.Select(label => label!["name"]!.GetValue<string>()));
        Assert.Equal("#0ac81e", labels[0]!["color"]!.GetValue<string>());
        // CVAT's constructor takes a label that has these, and attributes as an array.
        Assert.All(labels, label => Assert.Equal(("any", 0), (label!["type"]!.GetValue<string>(), label["attributes"]!.AsArray().Count)));
        var masks = XDocument.Parse(folder.Text("annotations.xml")).Descendants("mask").Count();
        Assert.StartsWith($"Regions with holes ({masks}) are masks", Assert.Single(folder.Notices), StringComparison.Ordinal);
        foreach (var shapes in (ExportShapes[])[ExportShapes.Polygon, ExportShapes.Mask])
        {
            await folder.ExportAsync("cvat", options => options with { Shapes = shapes, Force = true });
            Assert.Empty(folder.Notices);
        }
    }

    [Theory]
    [InlineData("/data/local-files/?d=set 1/")]
    [InlineData("https://a.example/files?dir=x%20y&name=")]
    [InlineData("HTTP://a.example/set 1/")]
    [InlineData("images/")]
    [InlineData("s3://bucket/")]
    public async Task Label_studio_finds_pictures_of_all_names(string prefix)
    {
        string[] names = ["100%#1.jpg", "a b/c+d & e?f.jpg", "Käfer/ü%20.jpg"];
        using var folder = new LabelledFolder();
        foreach (var name in names)
            folder.Add(name, Mask.All["one"]);
        await folder.ExportAsync("labelstudio", options => options with { ImagePrefix = prefix });
        var addresses = JsonNode.Parse(folder.Text("tasks.json"))!.AsArray().Select(task => task!["data"]!["image"]!.GetValue<string>()).ToArray();
        Assert.All(addresses, address => Assert.StartsWith(prefix, address, StringComparison.Ordinal));
        Assert.Equal(names, addresses.Select(address => LabelStudio.Picture(address, prefix)));
    }

    [Fact]
    public async Task A_brush_of_a_large_picture_has_runs_longer_than_a_count_can_be()
    {
        using var folder = new LabelledFolder();
        var mask = new Mask(400, 300, [.. Enumerable.Range(0, 120_000).Select(i => i < 70_000 ? 1 : 2)]);
        folder.Add("a.jpg", mask);
        await folder.ExportAsync("labelstudio");
        var read = Mask.Empty(400, 300);
        foreach (var (label, result) in JsonNode.Parse(folder.Text("tasks.json"))![0]!["predictions"]![0]!["result"]!.AsArray().Index())
            read.Paint(Brush(result!["value"]!["rle"]!.AsArray()), label + 1);
        read.AssertIs(mask, "a");
    }

    private static IEnumerable<int> Brush(JsonArray rle) => LabelStudio.Pixels([.. rle.Select(value => value!.GetValue<byte>())]);

    private static IEnumerable<int> Pixels(XElement mask, int width)
    {
        int Of(string name) => int.Parse(mask.Attribute(name)!.Value, CultureInfo.InvariantCulture);
        return Cvat.Pixels(mask.Attribute("rle")!.Value, (Of("left"), Of("top"), Of("width"), Of("height")), width);
    }
}
