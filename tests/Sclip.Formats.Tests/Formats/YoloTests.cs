using Sclip.Formats.Tests.Readers;

namespace Sclip.Formats.Tests.Formats;

/// <summary>YOLO's segmentation, read as ultralytics and CVAT read it.</summary>
public sealed class YoloTests
{
    [Fact]
    public async Task Every_label_is_found_and_gives_its_mask_back()
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("yolo-seg");
        var yolo = new Yolo(folder);
        foreach (var (picture, (name, mask)) in yolo.Pictures("train").Zip(Mask.All))
        {
            Assert.Equal(Path.Combine(folder.Out, "images", "train", $"{name}.jpg"), picture);
            Yolo.Read(Yolo.LabelOf(picture), mask.Width, mask.Height).AssertIs(mask.Without(0), name);
        }
        Assert.Equal(["0=background", "1=grass", "2=a \"boat\" & <oar>", "3=Käfer"], yolo.Names);
    }

    [Fact]
    public async Task Pictures_in_folders_called_images_keep_their_labels_in_both_readers()
    {
        using var folder = new LabelledFolder();
        foreach (var name in LabelledFolder.HandMadeNames)
            folder.Add(name, Mask.All["nested"]);
        await folder.ExportAsync("yolo-seg", options => options with { Validation = 0.3 });
        var yolo = new Yolo(folder);
        var pictures = yolo.Pictures("train").Concat(yolo.Pictures("val")).ToArray();
        Assert.Equal(LabelledFolder.HandMadeNames.Order(StringComparer.Ordinal), pictures.Select(picture => string.Join('/', Path.GetRelativePath(folder.Out, picture).Split('/')[2..])).Order(StringComparer.Ordinal));
        Assert.NotEmpty(yolo.Pictures("val"));
        foreach (var picture in pictures)
            foreach (var label in (string[])[Yolo.LabelOf(picture), yolo.LabelOfCvat(picture)])
                Yolo.Read(label, 7, 7).AssertIs(Mask.All["nested"].Without(0), label);
        Assert.True(File.Exists(Path.Combine(folder.Out, "images/train/x/images/y/labels/twice.txt")) || File.Exists(Path.Combine(folder.Out, "images/val/x/images/y/labels/twice.txt")));
        Assert.Empty(folder.Notices);
    }

    [Fact]
    public async Task No_picture_is_of_two_parts_and_without_a_part_to_validate_on_it_is_said_how_to_make_one()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["one"]);
        await folder.ExportAsync("yolo-seg");
        Assert.Equal(["train", "names"], new Yolo(folder).Keys);
        Assert.Contains("--validation 0.1", Assert.Single(folder.Notices), StringComparison.Ordinal);
        await folder.ExportAsync("yolo-seg", options => options with { Split = "no", Force = true });
        Assert.Equal(["no", "names"], new Yolo(folder).Keys);
        var refused = await Assert.ThrowsAsync<ExportException>(() => folder.ExportAsync("yolo-seg", options => options with { Split = "names", Force = true }));
        Assert.Contains("--split names", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_that_its_reader_does_not_know_belong_there_as_jpeg()
    {
        using var folder = new LabelledFolder();
        foreach (var name in (string[])["a.gif", "b.WEBP", "c.heic"])
            folder.Add(name, Mask.All["one"]);
        await folder.ExportAsync("yolo-seg");
        Assert.Equal(["a.jpg", "b.WEBP", "c.jpg"], new Yolo(folder).Pictures("train").Select(Path.GetFileName));
    }

    [Fact]
    public async Task Sizes_are_told_for_a_reader_without_the_pictures()
    {
        using var folder = new LabelledFolder();
        folder.Add("deep/the \"x\".jpg", Mask.All["row"]);
        await folder.ExportAsync("yolo-seg");
        Assert.Equal("\"deep/the \\\"x\\\"\" 1 7\n", folder.Text("images.meta"));
    }

    [Fact]
    public async Task Folders_that_end_with_a_dot_are_told_since_their_pictures_are_not_found()
    {
        using var folder = new LabelledFolder();
        folder.Add("a./b.jpg", Mask.All["one"]);
        await folder.ExportAsync("yolo-seg");
        Assert.Contains(folder.Notices, notice => notice.Contains("end with a dot (1 here)", StringComparison.Ordinal));
    }
}
