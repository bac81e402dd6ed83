using System.Text.Json.Nodes;
using Sclip.Formats.Tests.Readers;

namespace Sclip.Formats.Tests.Formats;

/// <summary>Datumaro's own JSON, read back as Datumaro does.</summary>
public sealed class DatumaroTests
{
    [Fact]
    public async Task Items_have_a_mask_a_region_and_the_path_of_their_picture()
    {
        using var folder = OddNames.Folder();
        await folder.ExportAsync("datumaro");
        var document = JsonNode.Parse(folder.Text("annotations/train.json"))!;
        Assert.Equal(OddNames.Classes.Select(label => label.Name), Datumaro.Labels(document));
        Assert.Equal(Enumerable.Range(0, OddNames.Classes.Length), document["categories"]!["mask"]!["colormap"]!.AsArray().Select(color => color!["label_id"]!.GetValue<int>()));
        var items = Datumaro.Items(document).ToList();
        Assert.Equal(OddNames.Pictures.Keys, items.Select(item => item.Path));
        Assert.Equal(OddNames.Pictures.Keys.Select(picture => Path.ChangeExtension(picture, null)), items.Select(item => item.Id));
        foreach (var (_, path, mask) in items)
        {
            mask.AssertIs(OddNames.Pictures[path], path);
            Assert.Equal($"images/train/{path}", folder.PlaceOf("datumaro", path, "train"));
        }
    }

    [Fact]
    public async Task Classes_that_are_left_out_keep_their_places()
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("datumaro");
        var document = JsonNode.Parse(folder.Text("annotations/train.json"))!;
        Assert.Equal(LabelledFolder.FourClasses.Select(label => label.Name), Datumaro.Labels(document));
        foreach (var (id, _, mask) in Datumaro.Items(document))
            mask.AssertIs(Mask.All[id].Without(0), id);
    }

    [Fact]
    public async Task Pictures_that_differ_by_their_ending_alone_would_be_one_item()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["hole"]);
        folder.AddResult(new Contracts.ImageResult { Image = "a.png", Status = Contracts.ImageStatus.Ok, Mask = "masks/a.png", Width = 5, Height = 5 });
        Assert.Equal((1, 1), await folder.ExportAsync("datumaro") is var summary ? (summary.Exported, summary.Failed) : default);
        Assert.StartsWith("a.png: another picture is known as train/a there", Assert.Single(folder.Failures), StringComparison.Ordinal);
        Assert.Single(Datumaro.Items(JsonNode.Parse(folder.Text("annotations/train.json"))!));
    }

    [Fact]
    public async Task An_export_without_pictures_is_whole_all_the_same()
    {
        using var folder = new LabelledFolder();
        await folder.ExportAsync("datumaro");
        Assert.Empty(Datumaro.Items(JsonNode.Parse(folder.Text("annotations/train.json"))!));
    }
}
