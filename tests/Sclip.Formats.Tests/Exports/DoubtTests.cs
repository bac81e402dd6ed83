using Sclip.Contracts;
using Sclip.Imaging;

namespace Sclip.Formats.Tests.Exports;

/// <summary>What is too much in doubt is left out, and told.</summary>
public sealed class DoubtTests : IDisposable
{
    // Two regions of class 1, and one of class 2.
    private static readonly Mask Regions = Mask.Parse("1120", "0020", "1111");
    private readonly LabelledFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pictures_of_great_or_unknown_doubt_are_left_out_with_their_pixels()
    {
        Add("sure.jpg", 0.3, null);
        Add("unsure.jpg", 0.31, null);
        _folder.Add("earlier.jpg", Regions);
        var summary = await _folder.ExportAsync("voc", options => options with { MaxDoubt = 0.3 });
        Assert.Equal(new ExportSummary { Exported = 1, LeftOut = 2, LeftOutPixels = 24, Pixels = 12, LabelledPixels = 12 }, summary);
        Assert.Equal("sure\n", _folder.Text("ImageSets/Segmentation/train.txt"));
    }

    [Fact]
    public async Task Pixels_of_other_classes_and_of_small_regions_are_counted()
    {
        Add("a.jpg", 0.5, null);
        // Class 1 has six pixels in two regions, of two and of four; class 2 has two; the rest is class 0.
        var summary = await _folder.ExportAsync("voc", options => options with { Classes = [1, 2], MinArea = 3 });
        Assert.Equal((12, 8, 4), (summary.Pixels, summary.LabelledPixels, summary.SmallPixels));
        Assert.Equal([255, 255, 255, 255, 255, 255, 255, 255, 1, 1, 1, 1], Exported("a"));
    }

    [Fact]
    public async Task Classes_of_great_doubt_become_nothing_where_they_are_in_doubt()
    {
        Add("a.jpg", 0.5, null);
        var summary = await _folder.ExportAsync("voc", options => options with { MaxClassDoubt = 0.6 });
        // Class 1 has 0.7 there, class 2 0.2.
        Assert.Equal((1, 12, 6), (summary.Exported, summary.LabelledPixels, summary.DoubtfulPixels));
        Assert.Equal([255, 255, 2, 0, 0, 0, 2, 0, 255, 255, 255, 255], Exported("a"));
    }

    [Fact]
    public async Task Regions_of_great_doubt_become_nothing_and_others_of_their_class_stay()
    {
        Add("a.jpg", 0.5, [250, 240, 10, 0, 0, 0, 10, 0, 90, 90, 90, 90]);
        var summary = await _folder.ExportAsync("voc", options => options with { MaxRegionDoubt = 0.5 });
        Assert.Equal((1, 12, 2), (summary.Exported, summary.LabelledPixels, summary.DoubtfulPixels));
        Assert.Equal([255, 255, 2, 0, 0, 0, 2, 0, 1, 1, 1, 1], Exported("a"));
    }

    [Fact]
    public async Task A_picture_without_a_doubt_map_fails_with_what_to_do()
    {
        Add("a.jpg", 0.5, null);
        Assert.Equal(1, (await _folder.ExportAsync("voc", options => options with { MaxRegionDoubt = 0.5 })).Failed);
        Assert.Contains("label it with --doubt, or a job with --formats doubt", Assert.Single(_folder.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_out_of_range_is_refused()
    {
        var error = await Assert.ThrowsAsync<ExportException>(() => _folder.ExportAsync("voc", options => options with { MaxClassDoubt = 1.5 }));
        Assert.Equal("--max-class-doubt must lie between 0 and 1; it is 1.5.", error.Message);
    }

    private void Add(string image, double doubt, byte[]? map)
    {
        _folder.Add("hidden.jpg", Regions);
        File.WriteAllText(Path.Combine(_folder.In, "results.jsonl"), string.Join('\n', File.ReadAllLines(Path.Combine(_folder.In, "results.jsonl")).SkipLast(1).Append("")));
        Directory.CreateDirectory(Path.Combine(_folder.In, "doubt"));
        if (map is not null)
            File.WriteAllBytes(Path.Combine(_folder.In, "doubt", $"{image}.png"), PngWriter.Grey(map, 4, 3));
        _folder.AddResult(new ImageResult
        {
            Image = image,
            Status = ImageStatus.Ok,
            Mask = "masks/hidden.png",
            DoubtMap = map is null ? null : $"doubt/{image}.png",
            Width = 4,
            Height = 3,
            Doubt = doubt,
            ClassDoubt = new Dictionary<string, double> { ["background"] = 0.1, ["grass"] = 0.7, ["a \"boat\" & <oar>"] = 0.2 },
        });
    }

    private ushort[] Exported(string name) => MaskDecoder.Read(File.ReadAllBytes(Path.Combine(_folder.Out, "SegmentationClass", $"{name}.png")), ImageLimits.Default).Labels;
}
