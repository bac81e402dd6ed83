using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Sclip.Formats.Tests.Exports;

/// <summary>What <c>--for</c> sets, told by what the readers would find.</summary>
public sealed class ReaderProfileTests
{
    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var reader in ReaderProfile.All)
                foreach (var known in reader.Formats)
                    all.Add(reader.Name, known.Format);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_format_of_every_reader_is_exported(string reader, string format)
    {
        using var folder = LabelledFolder.OfAll();
        Assert.Equal(Mask.All.Count, (await folder.ExportAsync(format, ReaderProfile.Find(reader)!.Apply)).Exported);
    }

    [Theory]
    [InlineData("ultralytics")]
    [InlineData("supervision")]
    [InlineData("detectron2")]
    public async Task Readers_that_take_every_segmentation_for_a_list_of_polygons_get_such_lists(string reader)
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("coco-instances", ReaderProfile.Find(reader)!.Apply);
        var annotations = JsonNode.Parse(folder.Text("annotations/instances_train.json"))!["annotations"]!.AsArray();
        Assert.NotEmpty(annotations);
        Assert.All(annotations, annotation => Assert.All(annotation!["segmentation"]!.AsArray(), polygon => Assert.True(polygon!.AsArray().Count >= 6)));
    }

    [Fact]
    public async Task Fiftyone_gets_no_masks_in_the_xml_of_cvat_and_cvat_does()
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("cvat", ReaderProfile.Find("fiftyone")!.Apply);
        Assert.Empty(XDocument.Parse(folder.Text("annotations.xml")).Descendants("mask"));
        await folder.ExportAsync("cvat", options => ReaderProfile.Find("cvat")!.Apply(options) with { Force = true });
        Assert.NotEmpty(XDocument.Parse(folder.Text("annotations.xml")).Descendants("mask"));
    }

    [Fact]
    public void Ultralytics_validates_on_a_tenth_unless_told_otherwise()
    {
        var options = new ExportOptions { Format = ExportFormat.Find("yolo-seg")! };
        Assert.Equal(0.1, ReaderProfile.Find("ultralytics")!.Apply(options).Validation);
        Assert.Equal(0.3, ReaderProfile.Find("ultralytics")!.Apply(options with { Validation = 0.3 }).Validation);
        Assert.Equal(0, ReaderProfile.Find("ultralytics")!.Apply(options with { Validation = 0 }).Validation);
    }

    [Fact]
    public void What_a_reader_does_not_read_is_refused_with_what_it_does()
    {
        var reader = ReaderProfile.Find("supervision")!;
        var options = new ExportOptions { Format = ExportFormat.Find("voc")! };
        Assert.Contains("it reads coco-instances, yolo-seg", Assert.Throws<ExportException>(() => reader.Apply(options)).Message, StringComparison.Ordinal);
        options = new ExportOptions { Format = ExportFormat.Find("coco-instances")!, Shapes = ExportShapes.Mask };
        Assert.Contains("--shapes polygon only", Assert.Throws<ExportException>(() => reader.Apply(options)).Message, StringComparison.Ordinal);
    }
}
