using Sclip.Formats.Importing;
using Sclip.Imaging;

namespace Sclip.Formats.Tests.Importing;

/// <summary>COCO's panoptic form as other tools write it.</summary>
public sealed class CocoPanopticTests : IDisposable
{
    // Segments 0, 7, 3 + 256 * 2 and 65536 * 5 + 1, a pixel each.
    private static readonly byte[] Pixels = [0, 0, 0, 7, 0, 0, 3, 2, 0, 1, 0, 5];
    private static readonly byte[] Png = PngWriter.Rgb(new RgbImage(2, 2, Pixels));
    private readonly AnnotationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("panoptic_val/deep/a.png")]
    [InlineData("deep/a.png")]
    public void Segments_are_read_by_their_ids_from_beside_the_file(string png)
    {
        _folder.Write(png, Png);
        using var set = _folder.Open("panoptic_val.json", Document());
        Assert.Equal(("COCO panoptic", false), (set.Form, set.LeavesBackground));
        Assert.Equal(["a.jpg"], set.Pictures(CancellationToken.None));
        Assert.Equal([".1", "01"], AnnotationFolder.Rows(set, "a.jpg"));
    }

    [Fact]
    public void The_folder_of_the_pngs_can_be_told()
    {
        _folder.Write("elsewhere/deep/a.png", Png);
        var path = _folder.Write("panoptic_val.json", Document());
        using (var without = AnnotationFolder.Open(path))
            Assert.Equal(
                $"its panoptic PNG deep/a.png is not in {_folder["panoptic_val"]} or {_folder.Path}; --masks DIR tells the folder of the PNGs.", Assert.Throws<ImportException>(() => without.Read("a.jpg")).Message);
        using var set = AnnotationFolder.Open(path, new ImportOptions { Masks = _folder["elsewhere"] });
        Assert.Equal([".1", "01"], AnnotationFolder.Rows(set, "a.jpg"));
    }

    [Theory]
    [InlineData("pixel (0, 1) is of segment 515, which its segments_info does not list.", "\"id\": 515", "\"id\": 516")]
    [InlineData("a segment of it has no id of 0 to 16777215.", "\"id\": 515", "\"id\": -1")]
    [InlineData("segment 7 of it is listed twice.", "\"id\": 515", "\"id\": 7")]
    [InlineData("segment 7 is of category 6, which the file does not list.", "\"category_id\": 5", "\"category_id\": 6")]
    [InlineData("has 2 x 2 pixels, and", "\"width\": 2", "\"width\": 3")]
    [InlineData("the file_name of its PNG leads out of the folder.", "deep/a.png", "../a.png")]
    [InlineData("lists no segments of it.", "\"image_id\": 1", "\"image_id\": 2")]
    public void What_does_not_go_together_fails_the_picture(string said, string from, string to)
    {
        _folder.Write("panoptic_val/deep/a.png", Png);
        using var set = _folder.Open("panoptic_val.json", Document().Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(said, Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_png_that_is_none_or_has_no_colours_fails_the_picture()
    {
        using var set = _folder.Open("panoptic_val.json", Document());
        _folder.Write("panoptic_val/deep/a.png", PngWriter.Grey([1, 2, 3, 4], 2, 2));
        Assert.Contains("is no RGB PNG, as panoptic ones are.", Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message, StringComparison.Ordinal);
        _folder.Write("panoptic_val/deep/a.png", Png.AsSpan(0, Png.Length / 2));
        Assert.StartsWith(_folder["panoptic_val/deep/a.png"], Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_pngs_alone_are_refused_with_what_they_are()
    {
        _folder.Write("panoptic_val/a.png", Png);
        Assert.Contains("holds RGB PNGs, which alone say nothing of classes. Of panoptic PNGs give their JSON", Assert.Throws<ImportException>(() => AnnotationFolder.Open(_folder["panoptic_val"])).Message, StringComparison.Ordinal);
    }

    private static string Document() => """
        {"images": [{"id": 1, "file_name": "a.jpg", "width": 2, "height": 2}],
         "categories": [{"id": 5, "name": "cat", "isthing": 1}, {"id": 2, "name": "sky", "isthing": 0}],
         "annotations": [{"image_id": 1, "file_name": "deep/a.png", "segments_info": [{"id": 7, "category_id": 5}, {"id": 515, "category_id": 2, "iscrowd": 0}, {"id": 327681, "category_id": 5, "iscrowd": 1}]}]}
        """;
}
