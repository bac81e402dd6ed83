using System.Text;
using System.Text.Json.Nodes;

namespace Sclip.Cli.Tests.Folders;

/// <summary>Each command writes into new folders and its own, and into nobody else's.</summary>
public sealed class FolderTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SclipCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Every_folder_says_what_it_is_and_every_other_command_is_refused_there()
    {
        _cli.Picture("in/scene-1.png");
        var commands = new Dictionary<string, string[]>
        {
            ["label"] = ["label", _cli.Folder["in"], "--labels", "grass, sky", "--model", SclipCli.Model],
            ["export"] = ["export", _cli.Folder["label"], "--format", "voc"],
            ["eval"] = ["eval", _cli.Folder["label"], "--ground-truth", Path.Combine(SclipCli.Demo, "ground-truth"), "--partial", "--labels", Path.Combine(SclipCli.Demo, "labels.json")],
            ["benchmark"] =
            [
                "benchmark", "--images", Path.Combine(SclipCli.Demo, "pictures"), "--ground-truth", Path.Combine(SclipCli.Demo, "ground-truth"), "--labels", Path.Combine(SclipCli.Demo, "labels.json"), "--model", SclipCli.Model,
                "--limit", "1", "--methods", "clip",
            ],
            ["demo"] = ["demo"],
        };
        foreach (var (name, arguments) in commands)
        {
            var (code, _, error) = await SclipCli.Run([.. arguments, "--out", _cli.Folder[name]]);
            Assert.True(code == 0, $"{name}: {error}");
            Assert.Equal(name, JsonNode.Parse(await File.ReadAllTextAsync(_cli.Folder[$"{name}/sclip-folder.json"], None))!["command"]!.GetValue<string>());
        }
        _cli.Folder.Write("own/photo.jpg", "mine");
        foreach (var folder in commands.Keys.Append("own"))
        {
            var before = Files(folder);
            foreach (var (name, arguments) in commands.Where(command => command.Key != folder))
                foreach (var force in name == "demo" ? [[]] : (string[][])[[], ["--force"]])
                {
                    var (code, _, error) = await SclipCli.Run([.. arguments, "--out", _cli.Folder[folder], .. force]);
                    Assert.True(code == 1, $"{name} into {folder}");
                    Assert.Contains(folder == "own" ? "is not empty" : folder == name ? "" : "Choose", error, StringComparison.Ordinal);
                }
            Assert.Equal(before, Files(folder));
        }
    }

    [Fact]
    public async Task Label_again_with_force_leaves_nothing_of_other_pictures_and_all_of_ones_own()
    {
        _cli.Picture("in/a.png");
        _cli.Picture("in/b.png", 2);
        await _cli.Label("--overlay");
        _cli.Folder.Write("out/masks/notes.txt", "mine");
        File.Delete(_cli.Folder["in/b.png"]);
        Assert.Equal(0, (await _cli.Label("--method", "clip", "--force")).ExitCode);
        Assert.Equal(["labels.json", "masks/a.png.png", "masks/notes.txt", "results.jsonl", "sclip-folder.json"], Files("out").Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Other_names_and_another_model_are_told_in_words()
    {
        _cli.Picture("in/a.png");
        string[] Label(string labels, string model) => ["label", _cli.Folder["in"], "--labels", labels, "--model", model, "--out", _cli.Output];
        await SclipCli.Run(Label("grass, sky, tree", SclipCli.Model));
        var (_, _, error) = await SclipCli.Run(Label("grass, sky, trees", SclipCli.Model));
        Assert.Contains("  labels: only there: 'tree'; only now: 'trees'; class 2 is 'tree' there, 'trees' now\nUse another --out, or --force to label all again.", error, StringComparison.Ordinal);
        // The same model in another place is the same.
        Directory.CreateSymbolicLink(_cli.Folder["model"], SclipCli.Model);
        Assert.Equal(0, (await SclipCli.Run(Label("grass, sky, tree", _cli.Folder["model"]))).ExitCode);
    }

    [Fact]
    public async Task What_an_earlier_version_labelled_goes_on_and_keeps_its_names()
    {
        _cli.Picture("in/a.png");
        _cli.Picture("in/b.png", 2);
        await _cli.Label("--overlay");
        // As it was: settings alone, and masks without the pictures' endings.
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(_cli.Folder["out/sclip-folder.json"], None))!["settings"]!.AsObject();
        settings.Remove("model_name");
        File.Delete(_cli.Folder["out/sclip-folder.json"]);
        _cli.Folder.Write("out/sclip-settings.json", settings.ToJsonString());
        foreach (var name in (string[])["a", "b"])
        {
            File.Move(_cli.Folder[$"out/masks/{name}.png.png"], _cli.Folder[$"out/masks/{name}.png"]);
            File.Move(_cli.Folder[$"out/overlays/{name}.png.jpg"], _cli.Folder[$"out/overlays/{name}.jpg"]);
        }
        var lines = await File.ReadAllTextAsync(_cli.Folder["out/results.jsonl"], None);
        _cli.Folder.Write("out/results.jsonl", lines.Replace(".png.png", ".png", StringComparison.Ordinal).Replace(".png.jpg", ".jpg", StringComparison.Ordinal));
        Assert.Equal(0, (await SclipCli.Run(["export", _cli.Output, "--format", "npy", "--out", _cli.Folder["export"]])).ExitCode);
        Assert.Equal(0, (await SclipCli.Run(["eval", _cli.Output, "--ground-truth", _cli.Folder["out/masks"], "--out", _cli.Folder["eval"]])).ExitCode);

        // One of them changed: its old mask is not left beside the new one.
        _cli.Picture("in/b.png", 3);
        _cli.Picture("in/c.png", 4);
        var (code, output, error) = await _cli.Label("--overlay");
        Assert.True(code == 0, error);
        Assert.Matches("skipped \\(labelled before\\) +1\\s", output);
        Assert.Equal(
            ["labels.json", "masks/a.png", "masks/b.png.png", "masks/c.png.png", "overlays/a.jpg", "overlays/b.png.jpg", "overlays/c.png.jpg", "results.jsonl", "sclip-folder.json"],
            Files("out").Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Pictures_whose_names_differ_only_in_capitals_keep_apart_or_are_refused()
    {
        _cli.Picture("in/a.png");
        _cli.Picture("in/A.png", 2);
        Assert.Equal(0, (await _cli.Label()).ExitCode);
        Assert.True(File.Exists(_cli.Folder["out/masks/a.png.png"]) && File.Exists(_cli.Folder["out/masks/A.png.png"]));
        // As a file system has it that takes both names for one.
        _cli.Folder.Write("out/SCLIP-FOLDER.JSON", "");
        Assert.Contains("A.png and a.png differ only in capitals", (await _cli.Label()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_labels_file_of_other_masks_is_noticed()
    {
        _cli.Picture("in/a.png");
        await SclipCli.Run(["label", _cli.Folder["in"], "--labels", "grass, sky", "--model", SclipCli.Model, "--out", _cli.Output]);
        _cli.Folder.Write("out/labels.json", """[{"name": "grass"}, {"name": "sand"}]""");
        string[] export = ["export", _cli.Output, "--format", "npy", "--out", _cli.Folder["export"]];
        Assert.Contains("labels.json is not of the masks beside it: class 1 is 'sand' there, and 'sky' in the masks", (await SclipCli.Run(export)).Error, StringComparison.Ordinal);
        File.Delete(_cli.Folder["out/labels.json"]);
        Assert.Equal(0, (await SclipCli.Run(export)).ExitCode);
    }

    [Fact]
    public async Task A_mask_that_no_result_names_is_not_evaluated_in_silence()
    {
        _cli.Picture("in/a.png");
        await _cli.Label();
        File.Copy(_cli.Folder["out/masks/a.png.png"], _cli.Folder["out/masks/b.png.png"]);
        Directory.CreateDirectory(_cli.Folder["gt"]);
        foreach (var name in (string[])["a", "b"])
            File.Copy(_cli.Folder["out/masks/a.png.png"], _cli.Folder[$"gt/{name}.png"]);
        string[] eval = ["eval", _cli.Output, "--ground-truth", _cli.Folder["gt"], "--out", _cli.Folder["eval"]];
        var (code, _, error) = await SclipCli.Run(eval);
        Assert.Equal(1, code);
        Assert.Contains("1 mask in", error, StringComparison.Ordinal);
        Assert.Contains("masks/b.png.png", error, StringComparison.Ordinal);
        (code, _, error) = await SclipCli.Run([.. eval, "--partial"]);
        Assert.Equal(0, code);
        Assert.Contains("WARNING: 1 mask in", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_of_other_predictions_is_replaced_by_force_alone()
    {
        _cli.Picture("in/a.png");
        await _cli.Label();
        await SclipCli.Run(["label", _cli.Folder["in"], "--labels", Path.Combine(SclipCli.Demo, "labels.json"), "--model", SclipCli.Model, "--out", _cli.Folder["other"]]);
        string[] Eval(string predictions, params string[] more) => ["eval", _cli.Folder[predictions], "--ground-truth", _cli.Folder["out/masks"], "--out", _cli.Folder["eval"], .. more];
        Assert.Equal(0, (await SclipCli.Run(Eval("out"))).ExitCode);
        Assert.Equal(0, (await SclipCli.Run(Eval("out/"))).ExitCode);
        var before = Files("eval");
        foreach (var (difference, options) in ((string, string[])[])[("ignore: not set there, 'none' now", ["--ignore", "none"]), ("ids: not set there, '1=2' now", ["--ids", "1=2"]), ("reduce_zero_label: not set there, true now", ["--reduce-zero-label", "--partial"])])
            Assert.Contains($"  {difference}\n", (await SclipCli.Run(Eval("out", options))).Error, StringComparison.Ordinal);
        Assert.Equal(before, Files("eval"));
        var (code, _, error) = await SclipCli.Run(Eval("other"));
        Assert.Equal(1, code);
        Assert.Contains($"  predictions: '{_cli.Output}' there, '{_cli.Folder["other"]}' now\n", error, StringComparison.Ordinal);
        Assert.Equal(before, Files("eval"));
        Assert.Equal(0, (await SclipCli.Run(Eval("other", "--force"))).ExitCode);
    }

    [Fact]
    public async Task Explore_replaces_its_own_page_and_nothing_else()
    {
        _cli.Picture("in/a.png");
        await _cli.Label();
        string[] Explore(string page) => ["explore", _cli.Folder["in"], "--labels", "grass, sky", "--model", SclipCli.Model, "--methods", "sclip", "--out", _cli.Folder[page]];
        Assert.Equal(0, (await SclipCli.Run(Explore("explore.html"))).ExitCode);
        Assert.Equal(0, (await SclipCli.Run(Explore("explore.html"))).ExitCode);
        _cli.Folder.Write("mine.html", "<title>My page</title>");
        Assert.Contains("`sclip explore` did not write it", (await SclipCli.Run(Explore("mine.html"))).Error, StringComparison.Ordinal);
        Assert.Equal("<title>My page</title>", await File.ReadAllTextAsync(_cli.Folder["mine.html"], None));
        Assert.Contains("holds what `sclip label` labelled", (await SclipCli.Run(Explore("out/explore.html"))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_pictures_of_the_same_names_are_refused_and_pictures_that_changed_are_labelled_again()
    {
        _cli.Picture("in/a.png");
        _cli.Picture("in/b.png", 2);
        _cli.Picture("other/a.png", 3);
        _cli.Picture("other/c.png", 4);
        await _cli.Label();
        string[] other = ["label", _cli.Folder["other"], "--labels", Path.Combine(SclipCli.Demo, "labels.json"), "--model", SclipCli.Model, "--out", _cli.Output];
        var before = Files("out");
        var (code, _, error) = await SclipCli.Run(other);
        Assert.Equal(1, code);
        Assert.Contains($"holds results of other pictures by the same name, from {_cli.Folder["in"]}: {_cli.Folder["other/a.png"]}\nUse another --out, or --force", error, StringComparison.Ordinal);
        Assert.Equal(before, Files("out"));

        // Pictures of other names may come from anywhere, and those of before may move.
        File.Delete(_cli.Folder["other/a.png"]);
        File.Move(_cli.Folder["in/b.png"], _cli.Folder["other/b.png"]);
        Assert.Matches("skipped \\(labelled before\\) +1\\s", (await SclipCli.Run(other)).Output);
        File.SetLastWriteTimeUtc(_cli.Picture("other/b.png", 5), DateTime.UnixEpoch);
        (code, _, error) = await SclipCli.Run(other);
        Assert.Equal(0, code);
        Assert.Contains("labelled again: 1 picture changed since it was labelled: b.png", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Masks_that_are_damaged_or_anothers_are_named_by_all_and_made_good_by_label()
    {
        foreach (var (i, name) in ((string[])["a", "b", "c"]).Index())
            _cli.Picture($"in/{name}.png", i + 1);
        await _cli.Label();
        var good = Files("out/masks");
        File.Copy(_cli.Folder["out/masks/a.png.png"], _cli.Folder["out/masks/b.png.png"], overwrite: true);
        _cli.Folder.Write("out/masks/c.png.png", (await File.ReadAllBytesAsync(_cli.Folder["out/masks/c.png.png"], None)).AsSpan(0, 100));
        Directory.CreateDirectory(_cli.Folder["gt"]);
        foreach (var name in (string[])["a", "b", "c"])
            File.Copy(_cli.Folder["out/masks/a.png.png"], _cli.Folder[$"gt/{name}.png"]);
        string[] eval = ["eval", _cli.Output, "--ground-truth", _cli.Folder["gt"], "--out", _cli.Folder["eval"]], export = ["export", _cli.Output, "--format", "npy", "--out", _cli.Folder["export"]];
        var (code, _, error) = await SclipCli.Run(eval);
        Assert.Equal(1, code);
        Assert.Contains("masks/b.png.png has other pixels than its result counts", error, StringComparison.Ordinal);
        Assert.Contains("masks/c.png.png: the PNG is truncated", error, StringComparison.Ordinal);
        Assert.Equal(2, (await SclipCli.Run(export)).ExitCode);

        (code, _, error) = await _cli.Label();
        Assert.Equal(0, code);
        Assert.Contains("labelled again: 2 pictures have outputs that are damaged, or other pictures': b.png, c.png", error, StringComparison.Ordinal);
        Assert.Equal(good, Files("out/masks"));
        Assert.Equal(0, (await SclipCli.Run(eval)).ExitCode);
    }

    [Fact]
    public async Task All_outputs_are_looked_at_before_they_are_kept_whatever_the_limits_are_now()
    {
        string[] names = ["a", "b", "c", "d"];
        foreach (var (i, name) in names.Index())
            _cli.Picture($"in/{name}.png", i + 1);
        string[] all = ["--overlay", "--scores", "--doubt"];
        await _cli.Label(all);
        var good = Files("out");
        using (var scores = new FileStream(_cli.Folder["out/scores/a.png.npy"], FileMode.Open))
            scores.SetLength(1000);
        File.Copy(_cli.Folder["out/doubt/a.png.png"], _cli.Folder["out/doubt/b.png.png"], overwrite: true);
        _cli.Folder.Write("out/overlays/c.png.jpg", "hi");
        var (code, output, error) = await _cli.Label([.. all, "--max-pixels", "49152"]);
        Assert.Equal(0, code);
        Assert.Contains("labelled again: 3 pictures have outputs that are damaged, or other pictures': a.png, b.png, c.png\n", error, StringComparison.Ordinal);
        Assert.Matches("skipped \\(labelled before\\) +1\\s", output);
        foreach (var (name, content) in Files("out").Where(file => file.Key.Contains('/', StringComparison.Ordinal)))
            Assert.True(content == good[name], name);
        Assert.Matches("skipped \\(labelled before\\) +4\\s", (await _cli.Label([.. all, "--max-pixels", "100"])).Output);
    }

    [Fact]
    public async Task Results_of_pictures_that_are_no_longer_among_the_inputs_are_told()
    {
        _cli.Picture("in/a.png");
        _cli.Picture("in/b.png", 2);
        await _cli.Label();
        File.Delete(_cli.Folder["in/b.png"]);
        Assert.Contains("kept: 1 result of a picture that is not among the inputs now: b.png\n", (await _cli.Label()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_the_masks_own_classes_in_another_order_are_refused()
    {
        _cli.Picture("in/a.png");
        await SclipCli.Run(["label", _cli.Folder["in"], "--labels", "grass, sky, sand", "--model", SclipCli.Model, "--out", _cli.Output]);
        foreach (var command in (string[][])[["export", _cli.Output, "--format", "npy"], ["eval", _cli.Output, "--ground-truth", _cli.Folder["out/masks"]]])
        {
            var (code, _, error) = await SclipCli.Run([.. command, "--labels", "Sky, grass, sand", "--out", _cli.Folder["new"]]);
            Assert.Equal(1, code);
            Assert.Contains("--labels has 'Sky' as class 0, and in the masks it is class 1", error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_cli.Folder["new"]));
            Assert.Equal(0, (await SclipCli.Run([.. command, "--labels", "Gras, sky, Sand", "--out", _cli.Folder[command[0]]])).ExitCode);
        }
        // Where the values are read as others, so are the names.
        Assert.Equal(0, (await SclipCli.Run(["eval", _cli.Output, "--ground-truth", _cli.Folder["out/masks"], "--labels", "sky, grass, sand", "--prediction-ids", "0=1,1=0", "--out", _cli.Folder["new"]])).ExitCode);
    }

    [Fact]
    public async Task Nothing_is_written_into_what_another_command_wrote()
    {
        _cli.Picture("in/a.png");
        await _cli.Label();
        await SclipCli.Run(["export", _cli.Output, "--format", "voc", "--out", _cli.Folder["voc"]]);
        foreach (var (folder, owner) in ((string, string)[])[("out/masks/new", "what `sclip label` labelled"), ("voc/SegmentationClass/new", "an export")])
        {
            string[] arguments = [_cli.Folder["in"], "--labels", "grass, sky", "--model", SclipCli.Model];
            foreach (var command in (string[][])[["label", .. arguments, "--out", _cli.Folder[folder]], ["explore", .. arguments, "--out", _cli.Folder[$"{folder}.html"]]])
            {
                var (code, _, error) = await SclipCli.Run(command);
                Assert.Equal(1, code);
                Assert.Contains($"holds {owner}. Choose another --out.", error, StringComparison.Ordinal);
            }
            Assert.False(Directory.Exists(_cli.Folder[folder]));
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"command": 5}""")]
    public async Task A_damaged_marker_is_told_in_words(string marker)
    {
        _cli.Picture("in/a.png");
        await _cli.Label();
        _cli.Folder.Write("out/sclip-folder.json", marker);
        foreach (var command in (string[][])[["export", _cli.Output, "--format", "npy", "--out", _cli.Folder["new"]], ["label", _cli.Folder["in"], "--labels", "grass, sky", "--model", SclipCli.Model, "--out", _cli.Output]])
            Assert.Equal(
                $"sclip: {_cli.Output}/sclip-folder.json, which says what the folder is, is damaged. Choose another folder; or, where nothing in {_cli.Output} is needed any more, remove that folder.\n", (await SclipCli.Run(command)).Error);
    }

    [Fact]
    public async Task A_folder_in_use_is_refused()
    {
        _cli.Picture("in/a.png");
        Directory.CreateDirectory(_cli.Output);
        using (new FileStream(_cli.Folder["out/.sclip-in-use"], FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            Assert.Contains("is in use by another sclip", (await _cli.Label()).Error, StringComparison.Ordinal);
        // One that was killed left the file, and no lock.
        Assert.Equal(0, (await _cli.Label()).ExitCode);
    }

    private Dictionary<string, string> Files(string folder) => Directory.GetFiles(_cli.Folder[folder], "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(_cli.Folder[folder], path), path => Encoding.Latin1.GetString(File.ReadAllBytes(path)));
}
