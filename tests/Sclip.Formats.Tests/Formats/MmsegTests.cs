using System.Text.Json.Nodes;

namespace Sclip.Formats.Tests.Formats;

/// <summary>Plain grey masks, read as MMSegmentation does.</summary>
public sealed class MmsegTests
{
    [Fact]
    public async Task Every_mask_lies_where_the_name_of_its_picture_leads()
    {
        using var folder = OddNames.Folder();
        Assert.Equal(OddNames.Pictures.Count, (await folder.ExportAsync("mmseg")).Exported);
        Assert.Empty(folder.Failures);
        foreach (var (picture, mask) in OddNames.Pictures)
            folder.Values(MaskOf(folder, picture, "train"), nothing: 255, offset: 0).AssertIs(mask, picture);
    }

    [Fact]
    public async Task Classes_are_lines_and_have_colours_also_where_they_are_left_out()
    {
        using var folder = OddNames.Folder();
        await folder.ExportAsync("mmseg", options => options with { Classes = [1, 3] });
        Assert.Equal(OddNames.Classes.Select(label => label.Name), folder.Text("classes.txt").TrimEnd('\n').Split('\n'));
        var metainfo = JsonNode.Parse(folder.Text("metainfo.json"))!;
        Assert.Equal(OddNames.Classes.Select(label => label.Name), metainfo["classes"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Equal(OddNames.Classes.Length, metainfo["palette"]!.AsArray().Select(color => string.Join(' ', color!.AsArray().Select(channel => channel!.GetValue<byte>()))).Distinct().Count());
        foreach (var (picture, mask) in OddNames.Pictures)
            folder.Values(MaskOf(folder, picture, "train"), nothing: 255, offset: 0).AssertIs(mask.Without(0, 2), picture);
    }

    [Fact]
    public async Task Values_are_grey_so_that_readers_of_luminance_find_indices()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["blobs"]);
        await folder.ExportAsync("mmseg");
        // IHDR: 8 bits, and a colour type without palette or colours.
        Assert.Equal([8, 0], folder.Bytes("ann_dir/train/a.png")[24..26].Select(value => (int)value));
    }

    /// <summary>The mask of a picture that lies where pictures belong, as <c>BaseSegDataset</c> finds it: every ".jpg" of the name becomes ".png".</summary>
    private static string MaskOf(LabelledFolder folder, string picture, string split)
    {
        const string pictures = "img_dir/";
        var place = folder.PlaceOf("mmseg", picture, split);
        Assert.StartsWith($"{pictures}{split}/", place, StringComparison.Ordinal);
        Assert.EndsWith(".jpg", place, StringComparison.Ordinal);
        return $"ann_dir/{place[pictures.Length..].Replace(".jpg", ".png", StringComparison.Ordinal)}";
    }
}
