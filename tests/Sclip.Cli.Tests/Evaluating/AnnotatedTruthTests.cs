using System.Text.Json.Nodes;
using Sclip.Cli.Tests.Importing;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Evaluating;

/// <summary><c>sclip eval</c> against annotations, which are read as they are.</summary>
public sealed class AnnotatedTruthTests : IDisposable
{
    private const string Classes = """[{"name": "background", "background": true}, {"name": "dog"}, {"name": "kitten", "synonyms": ["cat"]}]""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_measures_are_those_of_the_same_masks()
    {
        Predict("a.jpg", [2, 0, 1, 1]);
        Predict("deep/b.png", [1, 1, 0, 2]);
        Truth("a", [2, 0, 2, 1]);
        Truth("deep/b", [1, 1, 0, 0]);
        _folder.Write("coco.json", CocoFiles.Two());
        var (_, masks, _) = await Eval("gt", "--json");
        var (code, annotations, error) = await Eval("coco.json", "--json", "--force");
        Assert.True(code == ExitCodes.Done, error);
        Assert.Equal(masks, annotations);
        Assert.Equal(0, JsonNode.Parse(annotations)!["ignored_pixels"]!.GetValue<int>());
        Assert.Contains("ground truth", File.ReadAllText(_folder["report/report.html"]), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["coco"]));
        // Of the same annotations, imported, the masks are counted alike.
        Assert.Equal(0, (await SclipCli.Run(["import", _folder["coco.json"], "--labels", Classes, "--out", _folder["imported"]])).ExitCode);
        Assert.Equal(masks, (await Eval("imported", "--json", "--force")).Output);
    }

    [Fact]
    public async Task Without_a_background_what_nothing_covers_does_not_count()
    {
        Predict("a.jpg", [1, 0, 1, 0]);
        Predict("deep/b.png", [0, 0, 0, 1]);
        _folder.Write("out/labels.json", """[{"name": "dog"}, {"name": "cat"}]""");
        _folder.Write("coco.json", CocoFiles.Two());
        var (code, output, error) = await Eval("coco.json", "--json");
        Assert.True(code == ExitCodes.Done, error);
        var json = JsonNode.Parse(output)!;
        Assert.Equal((5, 3, 1.0), (json["pixels"]!.GetValue<int>(), json["ignored_pixels"]!.GetValue<int>(), json["mIoU"]!.GetValue<double>()));
        Assert.DoesNotContain("--ignore", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.jpg", "deep/b.png", "train/a.jpg", "train/deep/b.png")]
    [InlineData("photos/a.jpg", "photos/deep/b.png", "a.jpg", "deep/b.png")]
    [InlineData("a.jpg", "a.png", "a.jpg", "a.png")]
    [InlineData("a b#1.v2.jpg", "Fuß/ä.png", "x/a b#1.v2.jpg", "x/Fuß/ä.png")]
    public async Task Pictures_go_together_by_path_whatever_stands_before_it(string prediction, string other, string picture, string second)
    {
        Predict(prediction, [2, 0, 2, 1]);
        Predict(other, [1, 1, 0, 0]);
        _folder.Write("coco.json", CocoFiles.Two(first: picture, second: second));
        var (code, output, error) = await Eval("coco.json", "--json");
        Assert.True(code == ExitCodes.Done, error);
        Assert.Equal((2, 1.0), (JsonNode.Parse(output)!["pictures"]!.GetValue<int>(), JsonNode.Parse(output)!["mIoU"]!.GetValue<double>()));
    }

    [Theory]
    [InlineData("'left/a.jpg' and 'right/a.jpg' in ", "a.jpg", "a2.jpg", "left/a.jpg", "right/a.jpg")]
    [InlineData("may both be those of 'a.jpg' in ", "left/a.jpg", "right/a.jpg", "a.jpg", "c.jpg")]
    [InlineData("'a.jpg' and 'a.png' in ", "a.gif", "b.jpg", "a.jpg", "a.png")]
    public async Task Pictures_that_cannot_be_told_apart_are_refused(string said, string prediction, string other, string picture, string second)
    {
        Predict(prediction, [2, 0, 2, 1]);
        Predict(other, [1, 1, 0, 0]);
        _folder.Write("coco.json", CocoFiles.Two(first: picture, second: second));
        var (code, _, error) = await Eval("coco.json", "--partial");
        Assert.Equal(ExitCodes.CannotRun, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_other_is_named_and_left_out_where_asked()
    {
        Predict("a.jpg", [2, 0, 2, 1]);
        Predict("more.jpg", [2, 0, 2, 1]);
        _folder.Write("coco.json", CocoFiles.Two());
        var (code, _, error) = await Eval("coco.json");
        Assert.Equal(ExitCodes.CannotRun, code);
        Assert.Contains("1 prediction has no ground truth: more\n", error, StringComparison.Ordinal);
        Assert.Contains("1 picture of the ground truth has no prediction: deep/b.png\n", error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await Eval("coco.json", "--partial")).ExitCode);
    }

    [Fact]
    public async Task A_picture_whose_annotations_cannot_be_read_is_named()
    {
        Predict("a.jpg", [2, 0, 2, 1]);
        Predict("deep/b.png", [1, 1, 0, 0]);
        _folder.Write("coco.json", CocoFiles.Two().Replace("[3, 1]", "[3, 9]", StringComparison.Ordinal));
        var (code, _, error) = await Eval("coco.json");
        Assert.Equal(ExitCodes.CannotRun, code);
        Assert.Equal($"sclip: {_folder["coco.json"]}, 'a.jpg': annotation 2: its counts are of more than the picture's 4 pixels.\n", error);
    }

    [Fact]
    public async Task Classes_that_the_predictions_lack_are_refused_by_name_or_do_not_count()
    {
        Predict("a.jpg", [2, 0, 2, 1]);
        Predict("deep/b.png", [1, 1, 0, 0]);
        _folder.Write("coco.json", CocoFiles.Two("wolf"));
        Assert.Contains("The predictions lack a class of ", (await Eval("coco.json")).Error, StringComparison.Ordinal);
        var (code, output, error) = await Eval("coco.json", "--unknown", "void", "--json");
        Assert.True(code == ExitCodes.Done, error);
        Assert.Equal(2, JsonNode.Parse(output)!["ignored_pixels"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("--ids goes by the values of masks, and the ground truth ", "coco.json", "--ids", "1=2")]
    [InlineData("--ignore goes by the values of masks, and the ground truth ", "coco.json", "--ignore", "none")]
    [InlineData("--void-color is for annotations, and the ground truth ", "gt", "--void-color", "#000000")]
    [InlineData("is of no form that is read. Forms that are read are: ", "out/labels.json")]
    [InlineData("it is damaged", "damaged.json")]
    [InlineData("does not exist.", "nowhere")]
    public async Task What_cannot_be_used_is_told_in_a_line(string said, string truth, params string[] more)
    {
        Predict("a.jpg", [2, 0, 2, 1]);
        Truth("a", [2, 0, 2, 1]);
        _folder.Write("coco.json", CocoFiles.Two());
        _folder.Write("damaged.json", """{"images": [""");
        var (code, _, error) = await Eval(truth, more);
        Assert.Equal(ExitCodes.CannotRun, code);
        Assert.StartsWith("sclip: ", error, StringComparison.Ordinal);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task The_pictures_that_the_report_shows_tell_the_sizes_that_annotations_do_not()
    {
        Predict("a.png", [2, 2, 1, 1]);
        _folder.Write("yolo/data.yaml", "names: [cat, dog]\n");
        _folder.Write("yolo/labels/a.txt", "0 0 0 1 0 1 0.5 0 0.5\n1 0 0.5 1 0.5 1 1 0 1\n");
        _folder.Write("pictures/a.png", RawPng.Write([0, 0, 0, 0], 2, RawPng.Grey, 8));
        var (code, output, error) = await Eval("yolo", "--pictures", _folder["pictures"], "--json");
        Assert.True(code == ExitCodes.Done, error);
        Assert.Equal(1.0, JsonNode.Parse(output)!["mIoU"]!.GetValue<double>());
    }

    [Fact]
    public async Task Ids_of_annotations_are_never_taken_in_the_order_of_the_predictions_classes()
    {
        Predict("a.jpg", [2, 2, 1, 0]);
        _folder.Write("voc/SegmentationClass/a.png", RawPng.Write([8, 8, 12, 1], 2, RawPng.Grey, 8));
        var (code, output, error) = await Eval("voc", "--unknown", "void", "--json");
        Assert.True(code == ExitCodes.Done, error);
        Assert.Equal((1.0, 1), (JsonNode.Parse(output)!["mIoU"]!.GetValue<double>(), JsonNode.Parse(output)!["ignored_pixels"]!.GetValue<int>()));
        _folder.Write("yolo/labels/a.txt", "0 0 0 1 0 1 0.5 0 0.5\n");
        Assert.Contains("no data.yaml that tells their classes", (await Eval("yolo", "--force")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classes_in_another_order_are_noticed_without_advice_that_annotations_refuse()
    {
        Predict("a.jpg", [1, 0, 1, 2]);
        Predict("deep/b.png", [2, 2, 0, 0]);
        _folder.Write("coco.json", CocoFiles.Two());
        var (code, _, error) = await Eval("coco.json");
        Assert.True(code == ExitCodes.Done, error);
        Assert.Contains("seem to be", error, StringComparison.Ordinal);
        Assert.Contains("Give --labels in the order of the masks' ids.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("--ids", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.yaml", "train: images\nnames: [cat]\n")]
    [InlineData("dataset.yaml", "version: 3\nowner: {unclosed\n")]
    [InlineData("info.json", "{ // settings\n \"images\": 7}")]
    public async Task Files_of_other_tools_beside_folders_of_masks_do_not_stop_it(string name, string content)
    {
        Predict("sub/a.jpg", [2, 0, 2, 1]);
        Truth("sub/a", [2, 0, 2, 1]);
        _folder.Write($"gt/{name}", content);
        var (code, output, error) = await Eval("gt", "--json");
        Assert.True(code == ExitCodes.Done, error);
        Assert.Equal(1.0, JsonNode.Parse(output)!["mIoU"]!.GetValue<double>());
    }

    [Fact]
    public async Task Predictions_whose_classes_are_not_known_need_labels()
    {
        _folder.Write("plain/a.png", RawPng.Write([2, 0, 2, 1], 2, RawPng.Grey, 8));
        _folder.Write("coco.json", CocoFiles.Two());
        string[] command = ["eval", _folder["plain"], "--ground-truth", _folder["coco.json"], "--out", _folder["report"], "--partial"];
        Assert.Contains("those of the predictions are not known: give them by --labels", (await SclipCli.Run(command)).Error, StringComparison.Ordinal);
        var (code, _, error) = await SclipCli.Run([.. command, "--labels", Classes]);
        Assert.True(code == ExitCodes.Done, error);
    }

    private Task<(int ExitCode, string Output, string Error)> Eval(string truth, params string[] more) =>
        SclipCli.Run(["eval", _folder["out"], "--ground-truth", _folder[truth], "--out", _folder["report"], .. more]);

    private void Predict(string image, ushort[] labels)
    {
        if (!File.Exists(_folder["out/labels.json"]))
            _folder.Write("out/labels.json", Classes);
        _folder.Write($"out/masks/{image}.png", RawPng.Write(labels, 2, RawPng.Grey, 8));
        File.AppendAllText(_folder["out/results.jsonl"], $$"""{"image":"{{image}}","status":"ok","mask":"masks/{{image}}.png"}""" + "\n");
    }

    private void Truth(string name, ushort[] labels) => _folder.Write($"gt/{name}.png", RawPng.Write(labels, 2, RawPng.Grey, 8));
}
