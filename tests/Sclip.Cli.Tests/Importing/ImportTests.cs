using System.Text.Json.Nodes;
using Sclip.Imaging;

namespace Sclip.Cli.Tests.Importing;

/// <summary><c>sclip import</c>.</summary>
public sealed class ImportTests : IDisposable
{
    private const int Void = 255;
    private readonly SclipCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Annotations_become_a_folder_as_label_writes_it()
    {
        _cli.Folder.Write("coco.json", CocoFiles.Two());
        var (code, output, error) = await Import();
        Assert.True(code == 0, error);
        Assert.Equal("", error);
        Assert.Equal($"2 pictures of 3 classes imported from COCO instances to {_cli.Output}.\n", output);
        Assert.Equal([1, 0, 1, 2], Mask("a.jpg"));
        Assert.Equal([2, 2, 0, 0], Mask("deep/b.png"));
        var labels = JsonNode.Parse(File.ReadAllText(Path.Combine(_cli.Output, "labels.json")))!.AsArray();
        Assert.Equal(["background", "cat", "dog"], labels.Select(label => label!["name"]!.GetValue<string>()));
        Assert.True(labels[0]!["background"]!.GetValue<bool>());
        Assert.Equal("""{"image":"a.jpg","status":"ok","mask":"masks/a.jpg.png","width":2,"height":2,"pixels":{"background":1,"cat":2,"dog":1}}""", _cli.Result("a.jpg").ToJsonString());
        Assert.Equal(["labels.json", "masks", "results.jsonl", "sclip-folder.json"], Entries());
        // Other commands take it.
        var (exported, said, refused) = await SclipCli.Run(["export", _cli.Output, "--format", "npy", "--out", _cli.Folder["npy"]]);
        Assert.True(exported == 0, refused);
        Assert.StartsWith("2 pictures exported", said, StringComparison.Ordinal);
        (exported, _, refused) = await SclipCli.Run(["eval", _cli.Output, "--ground-truth", _cli.Output, "--out", _cli.Folder["report"]]);
        Assert.True(exported == 0, refused);
        Assert.Contains("Predictions and ground truth are the same files", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Void_pixels_are_255_in_masks_and_nothing_in_exports_of_them()
    {
        _cli.Folder.Write("coco.json", CocoFiles.Two());
        var (code, output, error) = await Import("--no-background");
        Assert.True(code == 0, error);
        Assert.Contains("2 pictures of 2 classes imported from COCO instances", output, StringComparison.Ordinal);
        Assert.EndsWith("; 3 of 8 pixels (37.50 %) are void (255).\n", output, StringComparison.Ordinal);
        Assert.Equal([0, Void, 0, 1], Mask("a.jpg"));
        Assert.Equal(3, _cli.Result("deep/b.png")["pixels"]!["void"]!.GetValue<int>() + 1);
        Assert.Equal(Void, JsonNode.Parse(File.ReadAllText(Path.Combine(_cli.Output, "sclip-folder.json")))!["void"]!.GetValue<int>());
        Assert.Equal(0, (await SclipCli.Run(["export", _cli.Output, "--format", "ade20k", "--out", _cli.Folder["ade"]])).ExitCode);
        Assert.Equal([1, 0, 1, 2], Pixels(_cli.Folder["ade/annotations/training/a.png"]));
    }

    [Fact]
    public async Task Beyond_255_classes_masks_have_16_bits_and_so_has_void()
    {
        var categories = string.Join(',', Enumerable.Range(0, 300).Select(i => $$"""{"id": {{i}}, "name": "class {{i}}"}"""));
        _cli.Folder.Write("coco.json", $$"""
            {"images": [{"id": 1, "file_name": "a.jpg", "width": 2, "height": 1}], "categories": [{{categories}}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 299, "segmentation": [[0, 0, 1, 0, 1, 1, 0, 1]]}]}
            """);
        Assert.Equal(0, (await Import("--no-background")).ExitCode);
        Assert.Equal([299, 65535], Mask("a.jpg"));
        Assert.Equal(0, (await SclipCli.Run(["export", _cli.Output, "--format", "coco-instances", "--out", _cli.Folder["export"]])).ExitCode);
        var annotations = JsonNode.Parse(File.ReadAllText(_cli.Folder["export/annotations/instances_train.json"]))!["annotations"]!.AsArray();
        Assert.Equal((300, 1), (Assert.Single(annotations)!["category_id"]!.GetValue<int>(), annotations[0]!["area"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Labels_that_are_given_take_classes_by_name_and_synonym()
    {
        _cli.Folder.Write("coco.json", CocoFiles.Two("Cat"));
        Assert.Equal(0, (await Import("--labels", """[{"name": "animal", "synonyms": ["hound", "DOG"]}, {"name": "house"}, {"name": "cat"}, {"name": "rest", "background": true}]""")).ExitCode);
        Assert.Equal([2, 3, 2, 0], Mask("a.jpg"));
        // Without a background among them, what nothing covers is void.
        Assert.Equal(0, (await Import("--labels", "dog, cat", "--force")).ExitCode);
        Assert.Equal([1, Void, 1, 0], Mask("a.jpg"));
    }

    [Fact]
    public async Task Classes_that_the_labels_lack_are_refused_by_name_or_void()
    {
        _cli.Folder.Write("coco.json", CocoFiles.Two());
        var (code, _, error) = await Import("--labels", "background, cats");
        Assert.Equal(1, code);
        Assert.Equal($"sclip: --labels lacks 2 classes of {_cli.Folder["coco.json"]}: 'cat' (did you mean 'cats'?), 'dog'. Name them by --labels, also as synonyms; or give --unknown void, and their pixels are of no class.\n", error);
        Assert.False(Directory.Exists(_cli.Output));
        Assert.Equal(0, (await Import("--labels", "background, cat", "--unknown", "void")).ExitCode);
        Assert.Equal([1, 0, 1, Void], Mask("a.jpg"));
    }

    [Fact]
    public async Task A_picture_that_fails_is_named_and_the_others_are_imported()
    {
        _cli.Folder.Write("coco.json", CocoFiles.Two(first: "../a.jpg").Replace("\"category_id\": 2, \"segmentation\": [[0", "\"category_id\": 5, \"segmentation\": [[0", StringComparison.Ordinal).Replace(
            "{\"id\": 2, \"file_name\"", "{\"id\": 3, \"file_name\": \"c.jpg\", \"width\": 1, \"height\": 1}, {\"id\": 2, \"file_name\"", StringComparison.Ordinal));
        var (code, output, error) = await Import();
        Assert.Equal(2, code);
        Assert.Contains("failed: ../a.jpg: the name has an empty part, or one that is '.' or '..'.\n", error, StringComparison.Ordinal);
        Assert.Contains("failed: deep/b.png: annotation 3 is of category 5, which the file does not list.\n", error, StringComparison.Ordinal);
        Assert.Equal($"1 picture of 3 classes imported from COCO instances to {_cli.Output}; 2 failed.\n", output);
        Assert.Equal(("failed", "ok"), (_cli.Result("deep/b.png")["status"]!.GetValue<string>(), _cli.Result("c.jpg")["status"]!.GetValue<string>()));
        Assert.Equal([0], Mask("c.jpg"));
    }

    [Fact]
    public async Task What_was_exported_comes_back_as_it_was_class_by_class()
    {
        _cli.Picture("in/a.png", 7);
        _cli.Picture("in/deep/b.png", 2);
        Assert.Equal(0, (await _cli.Label()).ExitCode);
        foreach (var (format, more) in ((string, string[])[])[("coco-instances", ["--tolerance", "0"]), ("coco-instances", ["--shapes", "mask", "--keep-background"]), ("coco-stuff", []), ("coco-panoptic", ["--things", "a car"])])
        {
            Assert.Equal(0, (await SclipCli.Run(["export", _cli.Output, "--format", format, "--out", _cli.Folder["export"], "--force", .. more])).ExitCode);
            var (code, _, error) = await SclipCli.Run(["import", _cli.Folder["export"], "--out", _cli.Folder["back"], "--force"]);
            Assert.True(code == 0, error);
            foreach (var file in (string[])["masks/a.png.png", "masks/deep/b.png.png", "labels.json"])
                Assert.Equal(File.ReadAllBytes(Path.Combine(_cli.Output, file)), File.ReadAllBytes(_cli.Folder[$"back/{file}"]));
        }
    }

    [Fact]
    public async Task An_interrupt_leaves_the_folder_as_it_was()
    {
        _cli.Folder.Write("coco.json", CocoFiles.Two());
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var (code, _, error) = await SclipCli.Run(["import", _cli.Folder["coco.json"], "--out", _cli.Output], stop.Token);
        Assert.Equal(130, code);
        Assert.Equal($"Interrupted; {_cli.Output} is as it was. The same command starts over.\n", error);
        Assert.Equal(0, (await Import()).ExitCode);
        var before = File.ReadAllBytes(Path.Combine(_cli.Output, "results.jsonl"));
        Assert.Equal(130, (await SclipCli.Run(["import", _cli.Folder["coco.json"], "--out", _cli.Output, "--force", "--no-background"], stop.Token)).ExitCode);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(_cli.Output, "results.jsonl")));
        Assert.Equal(["labels.json", "masks", "results.jsonl", "sclip-folder.json"], Entries());
    }

    [Fact]
    public async Task A_folder_that_holds_something_is_replaced_by_force_alone_and_another_command_s_never()
    {
        _cli.Folder.Write("coco.json", CocoFiles.Two());
        Assert.Equal(0, (await Import()).ExitCode);
        Assert.Contains("holds this import already. Replace it by --force", (await Import()).Error, StringComparison.Ordinal);
        var (_, _, other) = await Import("--no-background");
        Assert.Contains("holds an import already, and not this one:\n", other, StringComparison.Ordinal);
        Assert.Contains("\n  background: not set there, false now", other, StringComparison.Ordinal);
        Assert.Equal(0, (await Import("--no-background", "--force")).ExitCode);
        Assert.Equal(0, (await SclipCli.Run(["import", _cli.Folder["coco.json"], "--out", _cli.Folder["second"]])).ExitCode);
        Assert.Contains("holds imported annotations; `sclip export` does not write into it", (await SclipCli.Run(["export", _cli.Folder["second"], "--format", "voc", "--out", _cli.Output])).Error, StringComparison.Ordinal);
        Assert.Contains("holds imported annotations, which needs no import", (await SclipCli.Run(["import", _cli.Output, "--out", _cli.Folder["again"]])).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--void-color must be #rrggbb or r,g,b; it is '1,2'.", "--void-color", "1,2")]
    [InlineData("--unknown must be void; it is 'nothing'.", "--unknown", "nothing")]
    [InlineData("--unknown is of use only with --labels; leave it out.", "--unknown", "void")]
    [InlineData("--background and --no-background exclude each other; give one.", "--background", "--no-background")]
    [InlineData("There is no form 'coca' that is read. There are coco, ", "--format", "coca")]
    [InlineData("--threads must be", "--threads", "0")]
    public async Task Mistakes_are_told_in_a_line(string said, params string[] more)
    {
        _cli.Folder.Write("coco.json", CocoFiles.Two());
        var (code, _, error) = await Import(more);
        Assert.Equal(1, code);
        Assert.StartsWith($"sclip: {said}", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    private Task<(int ExitCode, string Output, string Error)> Import(params string[] more) => SclipCli.Run(["import", _cli.Folder["coco.json"], "--out", _cli.Output, .. more]);

    private IEnumerable<string?> Entries() => Directory.GetFileSystemEntries(_cli.Output).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private ushort[] Mask(string image) => Pixels(Path.Combine(_cli.Output, "masks", $"{image}.png"));

    private static ushort[] Pixels(string file) => MaskDecoder.Read(File.ReadAllBytes(file), ImageLimits.Default).Labels;
}
