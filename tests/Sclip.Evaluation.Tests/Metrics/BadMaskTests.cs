using Sclip.Contracts;
using Sclip.Evaluation.Metrics;
using Sclip.Testing;

namespace Sclip.Evaluation.Tests.Metrics;

public class BadMaskTests
{
    [Fact]
    public async Task Sizes_that_differ_are_named_with_both()
    {
        using var data = new MaskFolders();
        data.Write("pred/a", [0, 0, 0, 0], 2);
        data.Write("gt/a", [0, 0, 0], 3);
        var message = await Refusal(data);
        Assert.Contains($"{data.Predictions}/a.png is 2 x 2 pixels, its ground truth {data.Truth}/a.png 3 x 1", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_beyond_the_classes_is_named_with_its_pixel_and_what_may_help()
    {
        using var data = new MaskFolders().Add("a", [0, 0, 0, 0], [0, 0, 0, 2]);
        var message = await Refusal(data);
        Assert.Contains($"{data.Truth}/a.png: pixel (1, 1) holds 2, and the 2 classes are 0 to 1.", message, StringComparison.Ordinal);
        Assert.Contains("--reduce-zero-label", message, StringComparison.Ordinal);
        Assert.Contains("--ignore", message, StringComparison.Ordinal);
        Assert.Contains("--labels", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prediction_beyond_the_classes_is_named()
    {
        using var data = new MaskFolders().Add("a", [0, 500], [0, 1]);
        var message = await Refusal(data);
        Assert.Contains($"{data.Predictions}/a.png: pixel (1, 0) holds 500, and the 2 classes are 0 to 1.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("--ignore", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reduced_classes_are_told_as_they_are_stored()
    {
        using var data = new MaskFolders().Add("a", [0, 1], [0, 3]);
        var message = await Refusal(data, MaskFolders.Classes("a", "b") with { ReduceZeroLabel = true });
        Assert.Contains("pixel (1, 0) holds 3, and the 2 classes are 1 to 2.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_without_names_end_somewhere()
    {
        using var data = new MaskFolders().Add("a", [0, 1], [0, 5000]);
        Assert.Contains("without --labels ids go up to 1023", await Refusal(data, new EvaluationSettings()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mask_of_colours_is_refused_and_not_read_as_numbers()
    {
        using var data = new MaskFolders().Add("a", [0, 1], [0, 1]);
        data.Folder.Write("gt/a.png", RawPng.Write([128, 0, 0, 0, 0, 0], 2, RawPng.Rgb, 8));
        var message = await Refusal(data);
        Assert.Contains($"{data.Truth}/a.png: it is an RGB picture, its pixels are colours and not class indices.", message, StringComparison.Ordinal);
        Assert.Contains("--colors", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advice_is_said_once_below_all_that_are_named_by_name()
    {
        using var data = new MaskFolders();
        foreach (var name in (string[])["d", "b", "a", "c"])
            data.Add(name, [0, 1], [0, 1]).Folder.Write($"gt/{name}.png", RawPng.Write([128, 0, 0, 0, 0, 0], 2, RawPng.Rgb, 8));
        var colors = "it is an RGB picture, its pixels are colours and not class indices.";
        Assert.Equal(
            (string[])["4 pictures that cannot be evaluated:", .. "abcd".Select(name => $"  {data.Truth}/{name}.png: {colors}"), "Save class indices as palette or grey PNGs; or, where the colours are the classes', give --colors; of panoptic PNGs, their JSON is the ground truth."],
            (await Refusal(data)).Split('\n'));
    }

    [Fact]
    public async Task Too_few_classes_have_each_piece_of_advice_once_whatever_the_values()
    {
        using var data = new MaskFolders().Add("a", [0, 1], [0, 2]).Add("b", [0, 1], [0, 3]).Add("c", [0, 3], [0, 1]);
        Assert.Equal(
            (string[])[
                "--labels must name all classes, in the order of their ids.",
                "Where a value of the ground truth is no class, give it by --ignore; where it is another of the classes, --ids VALUE=CLASS.",
                "Where the ground truth counts its classes from 1, give --reduce-zero-label.",
                "Where a value of predictions is another of the classes, give --prediction-ids VALUE=CLASS.",
            ],
            (await Refusal(data)).Split('\n')[4..]);
    }

    [Fact]
    public void Classes_of_one_colour_cannot_be_told_apart_by_it()
    {
        using var data = new MaskFolders();
        LabelClass[] classes = [new() { Name = "cat", Color = new(1, 2, 3) }, new() { Name = "dog", Color = new(1, 2, 3) }];
        var error = Assert.Throws<EvaluationException>(() => data.Open(new EvaluationSettings { Classes = classes, ByColors = true }));
        Assert.Contains("'cat' and 'dog' have the same colour #010203", error.Message, StringComparison.Ordinal);
        Assert.Contains("--labels", Assert.Throws<EvaluationException>(() => data.Open(new EvaluationSettings { ByColors = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_classes_than_a_matrix_can_hold_are_refused()
    {
        using var data = new MaskFolders();
        var error = Assert.Throws<EvaluationException>(() => data.Open(MaskFolders.Classes([.. Enumerable.Range(0, 2001).Select(i => $"{i}")])));
        Assert.Contains("2001 classes are more than the 2000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_of_many_faults_are_named_whatever_the_threads()
    {
        using var data = new MaskFolders();
        for (var i = 0; i < 30; i++)
            data.Add($"{i:00}", [0, 1], [0, 9]);
        var serial = await Refusal(data, MaskFolders.Classes("a", "b") with { Threads = 1 });
        Assert.Equal(serial, await Refusal(data, MaskFolders.Classes("a", "b") with { Threads = 6 }));
        Assert.Equal(13, serial.Split('\n').Length);
        Assert.StartsWith("The first 10 pictures", serial, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_mask_is_named()
    {
        using var data = new MaskFolders().Add("a", [0, 1], [0, 1]);
        File.WriteAllBytes(Path.Combine(data.Predictions, "a.png"), File.ReadAllBytes(Path.Combine(data.Predictions, "a.png"))[..40]);
        Assert.Contains($"{data.Predictions}/a.png: the PNG is truncated or damaged", await Refusal(data), StringComparison.Ordinal);
    }

    private static async Task<string> Refusal(MaskFolders data, EvaluationSettings? settings = null) =>
        (await Assert.ThrowsAsync<EvaluationException>(() => data.Run(settings ?? MaskFolders.Classes("a", "b")))).Message;
}
