using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Storage.Folders;

namespace Sclip.Formats.Tests.Exports;

/// <summary>What goes wrong, and what is told of it.</summary>
public sealed class ExporterTests
{
    public static TheoryData<string> Formats => [.. ExportFormat.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task The_number_of_threads_changes_no_byte_and_classes_are_told(string format)
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync(format, options => options with { Threads = 1, Tolerance = 1, MinArea = 2 });
        var one = folder.Everything();
        await folder.ExportAsync(format, options => options with { Threads = 5, Tolerance = 1, MinArea = 2, Force = true });
        Assert.Equal(one, folder.Everything());
        Assert.Equal("Käfer", JsonNode.Parse(folder.Text(MaskLabels.FileName))![3]!["name"]!.GetValue<string>());
        Assert.DoesNotContain(one.Keys, name => name.Contains(".part", StringComparison.Ordinal));
        // Nor does any file begin with a byte-order mark, which some readers take for text.
        Assert.All(one.Keys, name => Assert.False(folder.Bytes(name).AsSpan().StartsWith("\uFEFF"u8), name));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task An_export_without_pictures_is_whole(string format)
    {
        using var folder = new LabelledFolder();
        Assert.Equal(new ExportSummary(), await folder.ExportAsync(format));
        foreach (var file in Directory.GetFiles(folder.Out, "*.json", SearchOption.AllDirectories))
            Assert.NotNull(JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Masks_that_cannot_be_used_are_named_and_the_rest_is_exported()
    {
        using var folder = new LabelledFolder();
        foreach (var name in (string[])["good", "missing", "damaged", "other-size", "other-labels", "last"])
            folder.Add($"{name}.jpg", Mask.All["hole"]);
        string In(string name) => Path.Combine(folder.In, "masks", name);
        File.Delete(In("missing.png"));
        File.WriteAllBytes(In("damaged.png"), [.. File.ReadAllBytes(In("good.png"))[..60]]);
        using var wide = new LabelledFolder([.. Enumerable.Range(0, 9).Select(i => new LabelClass { Name = $"{i}" })]);
        wide.Add("a.jpg", Mask.Parse("00000", "00000", "00080", "00000", "00000"));
        File.Copy(Path.Combine(wide.In, "masks", "a.png"), In("other-labels.png"), overwrite: true);
        wide.Add("b.jpg", Mask.Parse("0"));
        File.Copy(Path.Combine(wide.In, "masks", "b.png"), In("other-size.png"), overwrite: true);
        folder.AddResult(new ImageResult { Image = "evil.jpg", Status = ImageStatus.Ok, Mask = "../../secret.png" });
        folder.AddResult(new ImageResult { Image = "unlabelled.jpg", Status = ImageStatus.Failed, Error = "damaged" });
        folder.AddLine("{\"image\": \"torn");

        var summary = await folder.ExportAsync("voc");

        Assert.Equal(new ExportSummary { Exported = 2, Pixels = 50, LabelledPixels = 50, Failed = 5, NotLabelled = 1, Unreadable = 1 }, summary);
        Assert.Equal("good\nlast\n", folder.Text("ImageSets/Segmentation/train.txt"));
        Assert.Equal(["missing.jpg", "damaged.jpg", "other-size.jpg", "other-labels.jpg", "evil.jpg"], folder.Failures.Select(failure => failure.Split(':')[0]));
        Assert.Contains("holds class 8, and there are 4", folder.Failures[3], StringComparison.Ordinal);
        Assert.Contains("1 x 1 pixels, and the result says 5 x 5", folder.Failures[2], StringComparison.Ordinal);
        Assert.Equal(5, JsonNode.Parse(folder.Text("sclip-folder.json"))!["counts"]!["failed"]!.GetValue<int>());
    }

    [Fact]
    public async Task Pictures_that_differ_in_their_ending_alone_do_not_replace_each_other()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["one"]);
        folder.Add("a.png", Mask.All["one"]);
        Assert.Equal((1, 1), await folder.ExportAsync("yolo-seg") is var summary ? (summary.Exported, summary.Failed) : default);
        Assert.StartsWith("a.png: labels/train/a.txt is there already", Assert.Single(folder.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Names_that_have_no_place_in_a_format_fail_alone(string format)
    {
        using var folder = new LabelledFolder();
        folder.Add("good.jpg", Mask.All["one"]);
        // The latter lie below folders where another picture may have its file.
        foreach (var name in (string[])["a.jpg", "a.png/b.jpg", "a.txt/b.jpg", "a.json/b.jpg", "a.npy/b.jpg"])
            folder.AddResult(new ImageResult { Image = name, Status = ImageStatus.Ok, Mask = "masks/good.png", Width = 5, Height = 3 });
        var summary = await folder.ExportAsync(format);
        Assert.Equal((6, folder.Failures.Count), (summary.Exported + summary.Failed, summary.Failed));
        Assert.All(folder.Failures, failure => Assert.Contains("is there already", failure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_interrupted_export_leaves_nothing_that_looks_whole()
    {
        using var folder = LabelledFolder.OfAll();
        using var stop = new CancellationTokenSource();
        var source = ExportSource.OfFolder(folder.In, null);
        var progress = new Progress(summary =>
        {
            if (summary.Exported == 5)
                stop.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Exporter.RunAsync(source, folder.Out, new ExportOptions { Format = ExportFormat.Find("coco-stuff")! }, (_, _) => { }, progress, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Out));
        Assert.Equal(Mask.All.Count, (await folder.ExportAsync("coco-stuff")).Exported);
    }

    [Fact]
    public async Task What_is_there_already_stays_unless_it_is_an_export_and_force_is_used()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["one"]);
        await folder.ExportAsync("voc");
        var before = folder.Everything();
        Assert.Contains("  format: 'voc' there, 'npy' now\nReplace it by --force", (await Assert.ThrowsAsync<FolderException>(() => folder.ExportAsync("npy"))).Message, StringComparison.Ordinal);
        Assert.Contains("holds this export already", (await Assert.ThrowsAsync<FolderException>(() => folder.ExportAsync("voc"))).Message, StringComparison.Ordinal);
        Assert.Equal(before, folder.Everything());
        // Something of one's own, put beside an export, is not replaced either.
        await File.WriteAllTextAsync(Path.Combine(folder.Out, "notes.txt"), "mine", TestContext.Current.CancellationToken);
        await folder.ExportAsync("npy", options => options with { Force = true });
        Assert.Equal(["arrays/a.npy", "labels.json", "notes.txt", "sclip-folder.json"], folder.Everything().Keys.Order(StringComparer.Ordinal));
        File.Delete(Path.Combine(folder.Out, "sclip-folder.json"));
        Assert.Contains("not written by `sclip export`", (await Assert.ThrowsAsync<FolderException>(() => folder.ExportAsync("npy", options => options with { Force = true }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_of_an_earlier_version_is_replaced_with_force()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["one"]);
        await folder.ExportAsync("voc");
        File.Delete(Path.Combine(folder.Out, "sclip-folder.json"));
        await File.WriteAllTextAsync(Path.Combine(folder.Out, "sclip-export.json"), """{"format": "voc", "entries": ["ImageSets", "SegmentationClass", "labelmap.txt", "labels.json", "../in"]}""", TestContext.Current.CancellationToken);
        Assert.Contains("holds an export already", (await Assert.ThrowsAsync<FolderException>(() => folder.ExportAsync("npy"))).Message, StringComparison.Ordinal);
        await folder.ExportAsync("npy", options => options with { Force = true });
        Assert.Equal(["arrays/a.npy", "labels.json", "sclip-folder.json"], folder.Everything().Keys.Order(StringComparer.Ordinal));
        Assert.True(File.Exists(Path.Combine(folder.In, "results.jsonl")));
    }

    [Fact]
    public async Task A_mask_of_another_run_is_known_by_its_pixels()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.Parse("0011"));
        folder.AddResult(new ImageResult { Image = "b.jpg", Status = ImageStatus.Ok, Mask = "masks/a.png", Width = 4, Height = 1, Pixels = new Dictionary<string, long> { ["grass"] = 2, ["background"] = 2 } });
        folder.AddResult(new ImageResult { Image = "c.jpg", Status = ImageStatus.Ok, Mask = "masks/a.png", Width = 4, Height = 1, Pixels = new Dictionary<string, long> { ["grass"] = 3, ["background"] = 1 } });
        folder.AddResult(new ImageResult { Image = "d.jpg", Status = ImageStatus.Ok, Mask = "masks/a.png", Width = 4, Height = 1, Pixels = new Dictionary<string, long> { ["grass"] = 2, ["sand"] = 2 } });
        Assert.Equal((2, 2), await folder.ExportAsync("npy") is var summary ? (summary.Exported, summary.Failed) : default);
        Assert.All(folder.Failures, failure => Assert.Contains("is the mask of another picture or run", failure, StringComparison.Ordinal));
        Assert.Equal(["c.jpg", "d.jpg"], folder.Failures.Select(failure => failure.Split(':')[0]));
    }

    [Fact]
    public async Task A_folder_is_not_exported_into_itself()
    {
        using var folder = new LabelledFolder();
        var source = ExportSource.OfFolder(folder.In, null);
        foreach (var output in (string[])[folder.In, Path.Combine(folder.In, "masks", "voc")])
        {
            var error = await Assert.ThrowsAsync<ExportException>(() => Exporter.RunAsync(source, output, new ExportOptions { Format = ExportFormat.Find("voc")!, Force = true }, (_, _) => { }, null, CancellationToken.None));
            Assert.Contains("lies in the folder that is exported", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Small_regions_are_left_out_of_formats_of_pixels_too()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["corners"]);
        await folder.ExportAsync("voc", options => options with { MinArea = 2 });
        folder.Values("SegmentationClass/a.png", nothing: 255, offset: 0).AssertIs(Mask.All["corners"].Without(1), "a");
    }

    [Fact]
    public async Task What_polygons_lose_is_counted_where_there_are_any()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.Random(7, 160, 120, null, scale: 24));
        foreach (var (format, shapes) in ((string, ExportShapes)[])[("coco-instances", ExportShapes.Polygon), ("yolo-seg", ExportShapes.Auto), ("cvat", ExportShapes.Polygon), ("labelstudio", ExportShapes.Polygon)])
        {
            var summary = await folder.ExportAsync(format, options => options with { Shapes = shapes, Tolerance = 1, Force = true });
            Assert.Equal(summary.LabelledPixels, summary.PolygonPixels);
            Assert.InRange(summary.ChangedPixels, 1, 0.05 * summary.PolygonPixels);
            Assert.Equal(summary.ChangedPixels, JsonNode.Parse(folder.Text("sclip-folder.json"))!["counts"]!["changed_polygon_pixels"]!.GetValue<long>());
        }
        foreach (var (format, shapes) in ((string, ExportShapes)[])[("coco-instances", ExportShapes.Mask), ("labelstudio", ExportShapes.Auto), ("voc", ExportShapes.Auto)])
        {
            Assert.Equal(0, (await folder.ExportAsync(format, options => options with { Shapes = shapes, Force = true })).PolygonPixels);
            Assert.Null(JsonNode.Parse(folder.Text("sclip-folder.json"))!["counts"]!["polygon_pixels"]);
        }
    }

    [Fact]
    public async Task Options_that_mean_nothing_to_a_format_are_refused()
    {
        using var folder = new LabelledFolder();
        foreach (var (format, with, said) in ((string, Func<ExportOptions, ExportOptions>, string)[])
        [
            ("voc", options => options with { Shapes = ExportShapes.Mask }, "--shapes mask"),
            ("yolo-seg", options => options with { Shapes = ExportShapes.Mask }, "--shapes mask"),
            ("npy", options => options with { Things = [1] }, "--things"),
            ("voc", options => options with { MinConfidence = 1.5 }, "--min-confidence"),
            ("voc", options => options with { Tolerance = double.NaN }, "--tolerance"),
            ("voc", options => options with { MinArea = 0 }, "--min-area"),
            ("voc", options => options with { Split = "../up" }, "--split"),
        ])
            Assert.Contains(said, (await Assert.ThrowsAsync<ExportException>(() => folder.ExportAsync(format, with))).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Out));
    }

    [Fact]
    public async Task Classes_of_one_colour_are_told_apart()
    {
        using var folder = new LabelledFolder([new() { Name = "a", Color = new(9, 9, 9) }, new() { Name = "b", Color = new(9, 9, 9) }, new() { Name = "c" }]);
        await folder.ExportAsync("voc");
        var colors = folder.Text("labelmap.txt").TrimEnd().Split('\n')[1..].Select(line => line.Split(':')[1]).ToArray();
        Assert.Equal("9,9,9", colors[0]);
        Assert.Equal(3, colors.Distinct().Count());
    }

    private sealed class Progress(Action<ExportSummary> report) : IProgress<ExportSummary>
    {
        public void Report(ExportSummary value) => report(value);
    }
}
