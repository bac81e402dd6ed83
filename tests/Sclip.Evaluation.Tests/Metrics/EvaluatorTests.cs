using Sclip.Contracts;
using Sclip.Evaluation.Metrics;
using Sclip.Testing;

namespace Sclip.Evaluation.Tests.Metrics;

public class EvaluatorTests
{
    public static TheoryData<int> Golden => [.. Enumerable.Range(0, Testing.Golden.Manifest["miou"]!.AsArray().Count)];

    [Theory]
    [MemberData(nameof(Golden))]
    public async Task Measures_over_files_are_those_of_MMSegmentation(int index)
    {
        var node = Testing.Golden.Manifest["miou"]![index]!;
        var (prediction, shape) = Testing.Golden.Bytes(node["prediction"]);
        var truth = Testing.Golden.Bytes(node["ground_truth"]).Values;
        using var data = new MaskFolders();
        for (var (i, area) = (0, shape[1] * shape[2]); i < shape[0]; i++)
            data.Add($"part{i % 2}/{i}", Labels(prediction, i, area), Labels(truth, i, area), shape[2]);
        var result = await data.Run(MaskFolders.Classes([.. Enumerable.Range(0, node["classes"]!.GetValue<int>()).Select(i => $"class {i}")]) with { Ignore = node["ignore"]!.GetValue<int>() });
        Assert.Equal(shape[0], result.Match.Pairs);
        var expected = node["iou"]!.AsArray().Select(value => Round(value?.GetValue<double>()));
        Assert.Equal(expected, Enumerable.Range(0, result.Classes.Count).Select(i => Round(result.Areas.Iou(i))));
        Assert.Equal(node["mIoU"]!.GetValue<double>(), result.Areas.MeanIou, 1e-6);
        Assert.Equal(node["mAcc"]!.GetValue<double>(), result.Areas.MeanAccuracy, 1e-6);
        Assert.Equal(node["aAcc"]!.GetValue<double>(), result.Areas.OverallAccuracy, 1e-6);

        static ushort[] Labels(byte[] values, int picture, int area) => [.. values.Skip(picture * area).Take(area).Select(value => (ushort)value)];
        static double? Round(double? value) => value is { } number ? Math.Round(number, 6) : null;
    }

    [Fact]
    public async Task The_result_does_not_depend_on_the_threads()
    {
        using var data = new MaskFolders();
        var random = new Random(3);
        for (var i = 0; i < 40; i++)
            data.Add($"{i}", Random(), Random(), 4);
        var settings = MaskFolders.Classes("a", "b", "c") with { Worst = 5 };
        var (serial, parallel) = (await data.Run(settings with { Threads = 1 }), await data.Run(settings with { Threads = 7 }));
        Assert.Equal(serial.Worst, parallel.Worst);
        for (var i = 0; i < 9; i++)
            Assert.Equal(serial.Matrix[i / 3, i % 3], parallel.Matrix[i / 3, i % 3]);

        ushort[] Random() => [.. Enumerable.Range(0, 16).Select(_ => (ushort)random.Next(3))];
    }

    [Fact]
    public async Task The_worst_pictures_come_first_and_ignored_ones_never()
    {
        using var data = new MaskFolders().Add("good", [0, 1], [0, 1]).Add("bad", [1, 0], [0, 1]).Add("void", [1, 1], [255, 255]).Add("half", [0, 0], [0, 1]);
        var result = await data.Run(MaskFolders.Classes("a", "b") with { Worst = 2 });
        Assert.Equal([new PictureScore("bad", 0, 0, 2), new PictureScore("half", 0.25, 0.5, 2)], result.Worst);
        Assert.Equal(4, result.Match.Pairs);
    }

    [Fact]
    public async Task Without_names_the_classes_are_the_ids_that_are_found()
    {
        using var data = new MaskFolders().Add("a", [3, 3], [3, 700]);
        var result = await data.Run(new EvaluationSettings());
        Assert.Equal(["3", "700"], result.Classes.Select(item => item.Name));
        Assert.Equal([0.5, 0], Enumerable.Range(0, 2).Select(result.Areas.Iou));
        Assert.Equal(1, result.Matrix[1, 0]);
    }

    [Fact]
    public async Task Ids_are_mapped_all_at_once_before_anything_is_ignored_or_reduced()
    {
        // 7 and 9 are swapped; 255 becomes a class, and 3 what does not count.
        using var data = new MaskFolders().Add("a", [0, 1, 2, 2], [7, 9, 255, 3]);
        var settings = MaskFolders.Classes("a", "b", "c") with { TruthIds = new Dictionary<int, int> { [7] = 1, [9] = 2, [255] = 3, [3] = 255 }, ReduceZeroLabel = true };
        var result = await data.Run(settings);
        Assert.Equal((3, 1, 1.0), (result.Areas.Pixels, result.Areas.Ignored, result.Areas.OverallAccuracy));
        result = await data.Run(settings with { TruthIds = new Dictionary<int, int> { [7] = 9, [9] = 7, [255] = 0 }, ReduceZeroLabel = false, Classes = null, PredictionIds = new Dictionary<int, int> { [0] = 9, [1] = 7, [2] = 0 } });
        Assert.Equal(["0", "3", "7", "9"], result.Classes.Select(item => item.Name));
        Assert.Equal(0.75, result.Areas.OverallAccuracy);
    }

    [Fact]
    public async Task Masks_of_every_depth_are_read()
    {
        using var data = new MaskFolders();
        data.Folder.Write("pred/a.png", RawPng.Write([1, 0, 1], 3, RawPng.Palette, 1, palette: 2));
        data.Folder.Write("gt/a.png", RawPng.Write([1, 0, 1], 3, RawPng.Grey, 4));
        data.Folder.Write("pred/b.png", RawPng.Write([1, 0, 1], 3, RawPng.Grey, 2));
        data.Folder.Write("gt/b.png", RawPng.Write([1, 0, 1], 3, RawPng.Grey, 16));
        Assert.Equal(1, (await data.Run(MaskFolders.Classes("a", "b"))).Areas.MeanIou);
    }

    [Fact]
    public async Task Masks_of_colours_are_read_where_the_colours_are_the_classes()
    {
        using var data = new MaskFolders().Add("a", [0, 1, 1], [0, 0, 0], 3);
        // Black and #ff8000 are classes; Pascal VOC paints what does not count #e0e0c0.
        data.Folder.Write("gt/a.png", RawPng.Write([0, 0, 0, 255, 128, 0, 224, 224, 192], 3, RawPng.Rgb, 8));
        var settings = new EvaluationSettings { Classes = [new LabelClass { Name = "a" }, new LabelClass { Name = "b", Color = new(255, 128, 0) }], ByColors = true };
        var result = await data.Run(settings);
        Assert.Equal((2, 1.0), (result.Areas.Pixels, result.Areas.MeanIou));
        data.Folder.Write("gt/a.png", RawPng.Write([0, 0, 0, 255, 128, 1, 0, 0, 0], 3, RawPng.Rgb, 8));
        var error = await Assert.ThrowsAsync<EvaluationException>(() => data.Run(settings));
        Assert.Contains("pixel (1, 0) is #ff8001, the colour of no class", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_stopped_ends()
    {
        using var data = new MaskFolders().Add("a", [0, 1], [0, 1]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => data.Run(MaskFolders.Classes("a", "b"), new CancellationToken(canceled: true)));
    }
}
