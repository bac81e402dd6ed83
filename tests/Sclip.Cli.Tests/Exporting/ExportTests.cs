using System.Text.Json.Nodes;
using Sclip.Imaging;

namespace Sclip.Cli.Tests.Exporting;

/// <summary><c>sclip export</c> of a labelled folder.</summary>
public sealed class ExportTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SclipCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task What_label_wrote_is_exported_with_its_names_and_failures_are_told()
    {
        _cli.Picture("in/a.png", 7);
        _cli.Picture("in/deep/b.png", 2);
        _cli.Folder.Write("in/broken.png", "no picture");
        Assert.Equal(2, (await _cli.Label()).ExitCode);

        var (code, output, error) = await Export("--format", "voc");
        Assert.True(code == 0, error);
        Assert.Contains("2 pictures exported", output, StringComparison.Ordinal);
        Assert.Contains("1 without a mask", output, StringComparison.Ordinal);
        foreach (var name in (string[])["a", "deep/b"])
            Assert.Equal(await Pixels(Path.Combine(_cli.Output, "masks", $"{name}.png.png")), await Pixels(_cli.Folder[$"export/SegmentationClass/{name}.png"]));

        var found = _cli.Result("a.png")["pixels"]!.AsObject().First().Key;
        (code, output, error) = await Export("--format", "coco-instances", "--classes", $"the sun, {found.ToUpperInvariant()}", "--min-confidence", "0", "--force");
        Assert.True(code == 0, error);
        Assert.Matches(@"; [\d,]+ of [\d,]+ pixels \([\d.]+ %\) differ from the masks in polygons", output);
        var document = JsonNode.Parse(await File.ReadAllTextAsync(_cli.Folder["export/annotations/instances_train.json"], None))!;
        Assert.Equal([found, "the sun"], document["categories"]!.AsArray().Select(category => category!["name"]!.GetValue<string>()));
        Assert.NotEmpty(document["annotations"]!.AsArray());
        Assert.False(Directory.Exists(_cli.Folder["export/SegmentationClass"]));

        // Both the folder's marker and the settings of an earlier version tell the classes.
        File.Delete(Path.Combine(_cli.Output, "labels.json"));
        Assert.Equal(0, (await Export("--format", "npy", "--force")).ExitCode);
        var marker = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_cli.Output, "sclip-folder.json"), None))!;
        File.Delete(Path.Combine(_cli.Output, "sclip-folder.json"));
        _cli.Folder.Write("out/sclip-settings.json", marker["settings"]!.ToJsonString());
        Assert.Equal(0, (await Export("--format", "npy", "--force")).ExitCode);
        File.Delete(Path.Combine(_cli.Output, "sclip-settings.json"));
        Assert.Contains("--labels FILE", (await Export("--format", "npy", "--force")).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Export("--format", "npy", "--force", "--labels", Path.Combine(SclipCli.Demo, "labels.json"))).ExitCode);
    }

    [Fact]
    public async Task A_reader_is_named_instead_of_a_format_and_gets_folders_that_import_takes()
    {
        for (var i = 0; i < 6; i++)
            _cli.Picture($"in/images/{i}.png", 3 + i);
        Assert.Equal(0, (await _cli.Label()).ExitCode);
        var (code, output, error) = await Export("--for", "ultralytics", "--validation", "0.5", "--copy-pictures");
        Assert.True(code == 0, error);
        Assert.Contains("6 pictures copied", output, StringComparison.Ordinal);
        Assert.Equal(["train: train.txt", "val: val.txt"], File.ReadLines(_cli.Folder["export/data.yaml"]).Where(line => line.StartsWith("train", StringComparison.Ordinal) || line.StartsWith("val", StringComparison.Ordinal)));
        // By ultralytics' rule of the last folder that is called images.
        var pictures = ((string[])["train.txt", "val.txt"]).SelectMany(list => File.ReadLines(_cli.Folder[$"export/{list}"])).ToArray();
        Assert.Equal(6, pictures.Length);
        foreach (var picture in pictures)
        {
            Assert.True(File.Exists(_cli.Folder[$"export/{picture}"]), picture);
            var last = picture.LastIndexOf("/images/", StringComparison.Ordinal);
            Assert.True(File.Exists(_cli.Folder[$"export/{picture[..last]}/labels/{Path.ChangeExtension(picture[(last + 8)..], "txt")}"]), picture);
        }
        (code, output, error) = await SclipCli.Run(["import", _cli.Folder["export"], "--out", _cli.Folder["back"]]);
        Assert.True(code == 0, error);
        Assert.Contains("6 pictures", output, StringComparison.Ordinal);

        Assert.Contains("did you mean 'ultralytics'", (await Export("--for", "ultralitics")).Error, StringComparison.Ordinal);
        Assert.Contains("supervision does not read voc; it reads coco-instances, yolo-seg", (await Export("--for", "supervision", "--format", "voc")).Error, StringComparison.Ordinal);
        Assert.Contains("--format, one of", (await Export()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_that_was_interrupted_at_its_end_is_made_anew_by_the_same_command_alone()
    {
        WriteFolder();
        Assert.Equal(0, (await Export("--format", "yolo-seg")).ExitCode);
        var marker = JsonNode.Parse(await File.ReadAllTextAsync(_cli.Folder["export/sclip-folder.json"], None))!;
        marker["unfinished"] = "An export was interrupted while it took its place.";
        File.Delete(_cli.Folder["export/data.yaml"]);
        _cli.Folder.Write("export/sclip-folder.json", marker.ToJsonString());
        Assert.Contains("format: 'yolo-seg' there, 'npy' now", (await Export("--format", "npy")).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Export("--format", "yolo-seg")).ExitCode);
        Assert.True(File.Exists(_cli.Folder["export/data.yaml"]));
        Assert.Contains("holds this export already", (await Export("--format", "yolo-seg")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("voc", "--tolerance", "3")]
    [InlineData("ade20k", "--image-prefix", "images/")]
    [InlineData("cvat", "--split", "val")]
    [InlineData("coco-stuff", "--keep-background", null)]
    public async Task An_option_that_would_do_nothing_is_refused(string format, string option, string? value)
    {
        WriteFolder();
        var (code, _, error) = await Export(["--format", format, option, .. value is null ? [] : (string[])[value]]);
        Assert.Equal(1, code);
        Assert.Contains($"{option} does not apply to {format}; leave it out.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mask_without_a_result_and_a_picture_with_two_are_told()
    {
        WriteFolder();
        var results = await File.ReadAllLinesAsync(_cli.Folder["out/results.jsonl"], None);
        await File.WriteAllLinesAsync(_cli.Folder["out/results.jsonl"], [results[0], .. results], None);
        var (code, output, error) = await Export("--format", "coco-stuff");
        Assert.Equal(2, code);
        Assert.Contains("failed: a.png: it has a second line in the results, and is exported once", error, StringComparison.Ordinal);
        Assert.Contains("2 pictures exported", output, StringComparison.Ordinal);
        await File.WriteAllLinesAsync(_cli.Folder["out/results.jsonl"], [results[0]], None);
        (code, output, error) = await Export("--format", "coco-stuff", "--force");
        Assert.Equal(2, code);
        Assert.Contains("is named by no result in results.jsonl, and not exported: masks/b.png", error, StringComparison.Ordinal);
        Assert.Contains("1 picture exported", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_mask_is_named_and_the_exit_code_tells_of_it()
    {
        WriteFolder();
        _cli.Folder.Write("out/masks/a.png", "no mask");
        var (code, output, error) = await Export("--format", "yolo-seg");
        Assert.Equal(2, code);
        Assert.Contains("failed: a.png: ", error, StringComparison.Ordinal);
        Assert.Contains("1 picture exported", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_cli.Folder["export/labels/train/b.txt"]));
    }

    [Fact]
    public async Task Pictures_lie_in_the_export_where_it_is_asked_for_and_else_it_is_said_where_they_belong()
    {
        _cli.Picture("in/deep/a b.png", 7);
        _cli.Folder.Write("in/notes.txt", "mine");
        Assert.Equal(0, (await _cli.Label()).ExitCode);
        var (_, output, _) = await Export("--format", "voc");
        Assert.Contains("; put the pictures at places such as JPEGImages/deep/a b.jpg in it", output, StringComparison.Ordinal);
        (var code, output, _) = await Export("--format", "voc", "--copy-pictures", "--force");
        Assert.Equal(0, code);
        Assert.Contains("; 1 picture rewritten as JPEG or PNG; left out of the pictures' folders: 1 .txt.", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_cli.Folder["export/JPEGImages/deep/a b.jpg"]));
        (code, output, _) = await Export("--format", "yolo-seg", "--link-pictures", "--pictures", _cli.Output, "--pictures", _cli.Folder["in"], "--force");
        Assert.Equal(0, code);
        Assert.Contains("; 1 picture linked; ", output, StringComparison.Ordinal);
        Assert.Equal(_cli.Folder["in/deep/a b.png"], new FileInfo(_cli.Folder["export/images/train/deep/a b.png"]).LinkTarget);
    }

    [Theory]
    [InlineData("Give --copy-pictures or --link-pictures, not both.", "--format", "voc", "--copy-pictures", "--link-pictures")]
    [InlineData("--pictures says where pictures are taken from; give", "--format", "voc", "--pictures", ".")]
    [InlineData("--copy-pictures and --link-pictures do not apply to npy", "--format", "npy", "--copy-pictures")]
    [InlineData("There is no format 'coco-panopic' (did you mean 'coco-panoptic'?). The formats are voc, ", "--format", "coco-panopic")]
    [InlineData("There is no format 'coco' (did you mean 'coco-stuff', 'coco-panoptic', 'coco-instances' or 'coco-sam'?). The formats are", "--format", "coco")]
    [InlineData("There is no format 'Label' (did you mean 'labelstudio' or 'labelme'?). The formats are", "--format", "Label")]
    [InlineData("--format is given an empty value.", "--format", "")]
    [InlineData("--classes: there is no class 'gras' (did you mean 'grass'?).", "--format", "voc", "--classes", "sky,gras")]
    [InlineData("--things: there is no class 'sofa'.", "--format", "coco-panoptic", "--things", "sofa")]
    [InlineData("--min-confidence must lie between 0 and 1", "--format", "voc", "--min-confidence", "7")]
    public async Task Mistakes_are_told_in_a_line(string said, params string[] arguments)
    {
        WriteFolder();
        var (code, _, error) = await Export(arguments);
        Assert.Equal(1, code);
        Assert.StartsWith($"sclip: {said}", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task An_interrupted_export_says_so()
    {
        WriteFolder();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var (code, _, error) = await SclipCli.Run(["export", _cli.Output, "--format", "voc", "--out", _cli.Folder["export"]], stop.Token);
        Assert.Equal(130, code);
        Assert.Contains("is as it was", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_cli.Folder["export"]));
    }

    [Fact]
    public async Task What_is_neither_a_folder_nor_a_job_is_told()
    {
        var (code, _, error) = await SclipCli.Run(["export", "No Such", "--format", "voc", "--out", _cli.Folder["export"]]);
        Assert.Equal(1, code);
        Assert.StartsWith("sclip: There is no folder 'No Such'", error, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> Export(params string[] more) => SclipCli.Run(["export", _cli.Output, "--out", _cli.Folder["export"], .. more]);

    /// <summary>Writes a labelled folder of two pictures.</summary>
    private void WriteFolder()
    {
        using var png = new MemoryStream();
        MaskEncoder.Write(png, [0, 1, 1, 0], 2, 2, Palette.PascalVoc(2));
        foreach (var name in (string[])["a", "b"])
            _cli.Folder.Write($"out/masks/{name}.png", png.ToArray());
        _cli.Folder.Write("out/labels.json", """[{"name": "sky"}, {"name": "grass"}]""");
        _cli.Folder.Write("out/results.jsonl", """
            {"image":"a.png","status":"ok","mask":"masks/a.png","width":2,"height":2}
            {"image":"b.png","status":"ok","mask":"masks/b.png","width":2,"height":2}
            """);
    }

    private static async Task<ushort[]> Pixels(string file) => MaskDecoder.Read(await File.ReadAllBytesAsync(file, None), ImageLimits.Default).Labels;
}
