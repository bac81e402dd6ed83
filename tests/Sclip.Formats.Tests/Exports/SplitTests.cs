using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sclip.Formats.Tests.Exports;

/// <summary>The parts of a data set.</summary>
public sealed class SplitTests
{
    // The first 8 bytes of the SHA-256 of a.jpg, b.jpg, … as shares of 2^64, by another program.
    private static readonly string[] BelowAFifth = ["e.jpg", "h.jpg"];

    public static TheoryData<string> Formats => [.. ExportFormat.All.Where(format => !format.HasNoSplits).Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Every_picture_is_of_one_part_whatever_else_is_exported(string format)
    {
        var few = await NamesAsync(format, ["a.jpg", "e.jpg", "z.jpg"], 0.2);
        Assert.Equal(["e", "z"], few.Validation);
        Assert.Equal(["a"], few.Training);
        string[] all = [.. Enumerable.Range('a', 10).Select(letter => $"{(char)letter}.jpg")];
        var many = await NamesAsync(format, all, 0.2);
        Assert.Equal(BelowAFifth.Select(name => name[..1]), many.Validation);
        Assert.Equal(all.Except(BelowAFifth).Select(name => name[..1]), many.Training);
    }

    [Fact]
    public async Task Shares_are_about_what_is_asked_for()
    {
        using var folder = new LabelledFolder();
        for (var i = 0; i < 400; i++)
            folder.Add(string.Create(CultureInfo.InvariantCulture, $"{i}.jpg"), Mask.Parse("1"));
        await folder.ExportAsync("voc", options => options with { Validation = 0.25 });
        Assert.InRange(folder.Text("ImageSets/Segmentation/val.txt").Count(letter => letter == '\n'), 75, 125);
    }

    [Fact]
    public async Task A_part_without_a_picture_is_told()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["one"]);
        await folder.ExportAsync("voc", options => options with { Validation = 0.2 });
        Assert.StartsWith("no picture is of the part val", Assert.Single(folder.Notices), StringComparison.Ordinal);
        folder.Add("e.jpg", Mask.All["one"]);
        await folder.ExportAsync("voc", options => options with { Validation = 0.2, Force = true });
        Assert.Empty(folder.Notices);
    }

    [Fact]
    public async Task A_document_of_a_part_has_the_pictures_of_that_part_with_the_ids_that_they_have_without_parts()
    {
        using var folder = new LabelledFolder();
        foreach (var name in (string[])["a.jpg", "e.jpg", "b.jpg"])
            folder.Add(name, Mask.All["one"]);
        await folder.ExportAsync("coco-instances", options => options with { Validation = 0.2 });
        Assert.Equal(["1 a.jpg 1", "3 b.jpg 3"], Pictures("train"));
        Assert.Equal(["2 e.jpg 2"], Pictures("val"));

        IEnumerable<string> Pictures(string split)
        {
            var document = JsonNode.Parse(folder.Text($"annotations/instances_{split}.json"))!;
            return document["images"]!.AsArray().Zip(document["annotations"]!.AsArray(), (image, annotation) => $"{image!["id"]} {image["file_name"]} {annotation!["image_id"]}");
        }
    }

    [Theory]
    [InlineData("voc", 1.0, "train", "--validation")]
    [InlineData("voc", -0.1, "train", "--validation")]
    [InlineData("voc", 0.1, "val", "--split")]
    [InlineData("ade20k", 0.1, "validation", "--split")]
    [InlineData("roboflow-coco", 0.1, "valid", "--split")]
    [InlineData("npy", 0.1, "train", "--validation")]
    public async Task Shares_that_make_no_parts_are_refused(string format, double share, string split, string said)
    {
        using var folder = new LabelledFolder();
        Assert.Contains(said, (await Assert.ThrowsAsync<ExportException>(() => folder.ExportAsync(format, options => options with { Validation = share, Split = split }))).Message, StringComparison.Ordinal);
    }

    /// <summary>The names of the pictures of the two parts, by the files that are of one alone.</summary>
    private static async Task<(string[] Training, string[] Validation)> NamesAsync(string format, string[] pictures, double share)
    {
        using var folder = new LabelledFolder();
        foreach (var picture in pictures)
            folder.Add(picture, Mask.All["one"]);
        await folder.ExportAsync(format, options => options with { Validation = share });
        return (Of("train", "training"), Of("val", "valid", "validation"));

        string[] Of(params string[] parts)
        {
            var texts = folder.Everything().Keys.Where(file => parts.Any(part => file.Split('/', '.', '_', '-').Contains(part)));
            return [.. pictures.Select(picture => picture[..1]).Where(name => texts.Any(file =>
                Path.GetFileNameWithoutExtension(file).Split('_')[0] == name || (file.EndsWith(".txt", StringComparison.Ordinal) && folder.Text(file).Split('\n').Contains(name)) || ((file.EndsWith(".json", StringComparison.Ordinal) || file.EndsWith(".parquet", StringComparison.Ordinal)) && Regex.IsMatch(folder.Text(file), $"\\b{name}\\.jpg\\b"))))];
        }
    }
}
