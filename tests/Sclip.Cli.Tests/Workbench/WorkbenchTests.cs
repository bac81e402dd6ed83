using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Sclip.Cli.Tests.Workbench;

public sealed class WorkbenchTests : IDisposable
{
    private const string Classes = """[{"name":"grass","synonyms":["lawn"],"color":"#00ff00"},{"name":"sky"},{"name":"rest","background":true}]""";
    private readonly SclipCli _cli = new();

    private string Saved => _cli.Folder["saved.json"];

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_picture_that_cannot_be_read_is_told_and_the_others_are_shown()
    {
        _cli.Picture("in/a.png");
        _cli.Folder.Write("in/bad.png", "no picture at all");
        await using var workbench = await StartAsync("--labels", "grass, sky", "--prob-threshold", "0", "--stride", "64");
        var session = await workbench.SettledAsync();
        Assert.Equal((1, 1), ((int)session["ready"]!, (int)session["failed"]!));
        Assert.Equal("in", (string?)session["title"]);
        Assert.Equal(["grass", "sky"], session["labels"]!.AsArray().Select(label => (string?)label!["name"]));
        Assert.Equal(Saved, (string?)session["saves_to"]);
        Assert.Null(session["truth"]);
        var (code, output, error) = await workbench.EndAsync();
        Assert.Equal(0, code);
        Assert.Contains("failed: bad.png: the file is no picture", error, StringComparison.Ordinal);
        Assert.Contains("1 picture ready in ", output, StringComparison.Ordinal);
        Assert.Contains("the same command goes on with it", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_labels_the_list_is_empty_and_nothing_can_be_saved()
    {
        _cli.Picture("in/a.png");
        await using var workbench = await StartAsync();
        Assert.Empty((await workbench.SettledAsync())["labels"]!.AsArray());
        var (status, problem) = await workbench.SaveAsync("[]");
        Assert.Equal(400, status);
        Assert.Contains("there is no class", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.False(File.Exists(Saved));
    }

    [Fact]
    public async Task Save_writes_the_label_file_and_tells_the_command_with_all_that_was_set()
    {
        _cli.Picture("in/a.png");
        await using var workbench = await StartAsync("--labels", "grass, sky", "--method", "clip", "--short-side", "200", "--logit-scale", "30", "--threads", "2", "--device", "cpu");
        var (status, saved) = await workbench.SaveAsync(Classes, """{"probability_threshold": 0.25, "area_threshold": 0.1}""");
        Assert.Equal(200, status);
        Assert.Equal(("saved.json", Saved), ((string?)saved["file"], (string?)saved["path"]));
        Assert.Equal(
            $"sclip label {_cli.Folder["in"]} --model {SclipCli.Model} --labels {Saved} --method clip --short-side 200 --logit-scale 30 --prob-threshold 0.25 --area-threshold 0.1 --device cpu --threads 2 --keep-features fp16 --out workbench-out",
            (string?)Assert.Single(saved["commands"]!.AsArray()));
        var content = await File.ReadAllTextAsync(Saved, TestContext.Current.CancellationToken);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Classes), JsonNode.Parse(content)), content);
        Assert.Equal(content, await workbench.TextAsync($"{await workbench.PathAsync()}/labels.json"));
        var (_, again) = await workbench.SaveAsync(Classes, """{"logit_scale": 60}""");
        Assert.Contains(" --short-side 200 --logit-scale 60 --device cpu ", (string?)again["commands"]![0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_replaces_label_files_and_nothing_else()
    {
        _cli.Picture("in/a.png");
        _cli.Folder.Write("saved.json", """[{"name": "of an earlier run"}]""");
        await using var workbench = await StartAsync();
        Assert.Equal(200, (await workbench.SaveAsync(Classes)).Status);
        Assert.Equal(200, (await workbench.SaveAsync(Classes)).Status);
        _cli.Folder.Write("saved.json", """{"mine": 1}""");
        var (status, problem) = await workbench.SaveAsync(Classes);
        Assert.Equal(409, status);
        Assert.Contains("is there already and is no label file", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal("""{"mine": 1}""", await File.ReadAllTextAsync(Saved, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("""[{"name": "rest"}]""", """{"probability_threshold": 0.5}""", "background")]
    [InlineData("""[{"name": "sky"}, {"name": "Sky"}]""", "{}", "is there twice")]
    [InlineData("""[{"name": "sky"}]""", """{"logit_scale": -1}""", "logit scale")]
    public async Task What_could_not_be_labelled_by_is_not_saved(string labels, string settings, string mention)
    {
        _cli.Picture("in/a.png");
        await using var workbench = await StartAsync();
        var (status, problem) = await workbench.SaveAsync(labels, settings);
        Assert.Equal(400, status);
        Assert.Contains(mention, (string?)problem["detail"], StringComparison.OrdinalIgnoreCase);
        Assert.False(File.Exists(Saved));
    }

    [Fact]
    public async Task Kept_features_are_shown_without_their_pictures_and_labelled_by_relabel()
    {
        _cli.Picture("in/a.png");
        Assert.Equal(0, (await _cli.Label("--keep-features", "fp16", "--stride", "64")).ExitCode);
        Directory.Delete(_cli.Folder["in"], recursive: true);
        await using var workbench = await RunningWorkbench.StartAsync(_cli.Output, "--labels", "grass, sky", "--out", Saved);
        var session = await workbench.SettledAsync();
        Assert.Equal((1, SclipCli.Model), ((int)session["ready"]!, (string?)session["model"]));
        var (_, saved) = await workbench.SaveAsync(Classes, """{"probability_threshold": 0.25}""");
        Assert.Equal($"sclip relabel {_cli.Output} --labels {Saved} --prob-threshold 0.25 --out workbench-out", (string?)saved["commands"]![0]);
    }

    [Theory]
    [InlineData("The features in * are not those that are asked for", "OUT", "--stride", "32")]
    [InlineData("is given alone", "OUT", "IN")]
    public async Task Kept_features_are_taken_as_they_are_or_not_at_all(string mention, params string[] arguments)
    {
        _cli.Picture("in/a.png");
        await _cli.Label("--keep-features", "fp16", "--stride", "64");
        var (code, _, error) = await SclipCli.Run(["workbench", .. arguments.Select(word => word switch { "OUT" => _cli.Output, "IN" => _cli.Folder["in"], _ => word }), "--out", Saved]);
        Assert.Equal(1, code);
        Assert.Contains(mention.Replace("*", _cli.Output, StringComparison.Ordinal), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_is_there_again_unless_labels_or_thresholds_were_given_otherwise_since()
    {
        const string state = """{"labels":{"labels":[{"name":"typed"}]},"settings":{"probability_threshold":0.3},"wishes":[{"id":"w1"}]}""";
        _cli.Picture("in/a.png");
        _cli.Folder.Write("saved.json", """[{"name":"grass"},{"name":"background"}]""");
        string[] given = ["--labels", Saved];
        await using (var workbench = await StartAsync(given))
        {
            Assert.Null((await workbench.SessionAsync())["state"]);
            await workbench.PutStateAsync(state);
            // What is saved over the labels that were given is the page's own.
            Assert.Equal(200, (await workbench.SaveAsync(Classes)).Status);
        }
        await using (var workbench = await StartAsync(given))
            Assert.Equal(state, (await workbench.SessionAsync())["state"]!.ToJsonString());
        await using (var workbench = await StartAsync("--labels", "sea, background"))
        {
            var session = await workbench.SessionAsync();
            Assert.Equal("""{"settings":{"probability_threshold":0.3},"wishes":[{"id":"w1"}]}""", session["state"]!.ToJsonString());
            Assert.Equal("sea", (string?)session["labels"]![0]!["name"]);
            await workbench.PutStateAsync(state);
        }
        await using (var workbench = await StartAsync())
            Assert.Equal(state, (await workbench.SessionAsync())["state"]!.ToJsonString());
        await using (var workbench = await StartAsync("--labels", "sea, background", "--prob-threshold", "0.5"))
            Assert.Equal("""{"labels":{"labels":[{"name":"typed"}]},"wishes":[{"id":"w1"}]}""", (await workbench.SessionAsync())["state"]!.ToJsonString());
        // Wishes are of pictures by their places, and of what the model sees.
        await using (var workbench = await StartAsync("--stride", "64"))
            Assert.Null((await workbench.SessionAsync())["state"]);
        _cli.Picture("in/0.png");
        await using (var workbench = await StartAsync())
            Assert.Null((await workbench.SessionAsync())["state"]);
    }

    [Fact]
    public async Task Of_more_pictures_than_it_holds_a_sample_is_spread_over_all()
    {
        for (var i = 0; i < 201; i++)
            _cli.Folder.Write(string.Create(CultureInfo.InvariantCulture, $"in/{i:000}.png"), "no picture");
        var (code, _, error) = await SclipCli.Run(["workbench", _cli.Folder["in"], "--model", SclipCli.Model, "--out", Saved]);
        Assert.Equal(1, code);
        Assert.Contains("There are 201 pictures, and the workbench holds 200 at most: give --sample", error, StringComparison.Ordinal);
        await using var workbench = await StartAsync("--sample", "3");
        var session = await workbench.SettledAsync();
        Assert.Equal(["033.png", "100.png", "167.png"], session["pictures"]!.AsArray().Select(picture => (string?)picture!["name"]));
        Assert.Equal("in (3 of 201)", (string?)session["title"]);
        Assert.Contains("It labels all 201 pictures, not the 3 that are shown alone", (string?)(await workbench.SaveAsync(Classes)).Body["note"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ground_truth_is_read_by_the_pictures_names()
    {
        _cli.Picture("in/scene-1.png");
        _cli.Picture("in/other.png", scene: 2);
        await using var workbench = await StartAsync("--labels", Path.Combine(SclipCli.Demo, "labels.json"), "--ground-truth", Path.Combine(SclipCli.Demo, "ground-truth"));
        var session = await workbench.SettledAsync();
        Assert.Equal(1, (int)session["truth"]!["pictures"]!);
        Assert.Equal([false, true], session["pictures"]!.AsArray().Select(picture => (bool)picture!["truth"]!));
    }

    [Fact]
    public async Task Ground_truth_of_annotations_tells_its_classes_itself()
    {
        _cli.Picture("in/a.png");
        Assert.Equal(0, (await _cli.Label("--stride", "64")).ExitCode);
        Assert.Equal(0, (await SclipCli.Run(["export", _cli.Output, "--format", "coco-instances", "--out", _cli.Folder["coco"]])).ExitCode);
        _cli.Picture("in/b.png", scene: 2);
        await using var workbench = await StartAsync("--ground-truth", _cli.Folder["coco"]);
        Assert.Equal([true, false], (await workbench.SessionAsync())["pictures"]!.AsArray().Select(picture => (bool)picture!["truth"]!));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        _cli.Picture("in/a.png");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await RefusedAsync("Give another --port, or none for a free one", "--port", string.Create(CultureInfo.InvariantCulture, $"{((IPEndPoint)taken.LocalEndpoint).Port}"));
    }

    [Theory]
    [InlineData("leave --pamr to the run", "--pamr")]
    [InlineData("--port must lie in 0..65535", "--port", "65536")]
    [InlineData("--sample must lie in 1..200", "--sample", "201")]
    [InlineData("There is no method 'slcip'", "--method", "slcip")]
    [InlineData("none of the classes is it", "--labels", "sea, sky", "--prob-threshold", "0.5")]
    [InlineData("is a folder", "--out", "/tmp")]
    [InlineData("does not exist", "--out", "/no/such/folder/labels.json")]
    [InlineData("is there already and is no label file", "--out", "NOTES")]
    [InlineData("--ids is of ground truth", "--ids", "255=1")]
    [InlineData("does not tell the classes of its masks' values", "--ground-truth", "TRUTH")]
    [InlineData("has none of these pictures", "--ground-truth", "TRUTH", "--labels", "sea, sky")]
    [InlineData("sclip model pull", "--model", "no/such-model")]
    public async Task What_cannot_be_done_is_refused(string mention, params string[] options)
    {
        _cli.Picture("in/a.png");
        _cli.Folder.Write("notes.json", "notes of mine");
        await RefusedAsync(mention, [.. options.Select(word => word switch { "TRUTH" => Path.Combine(SclipCli.Demo, "ground-truth"), "NOTES" => _cli.Folder["notes.json"], _ => word })]);
    }

    [Fact]
    public async Task A_second_interrupt_waits_for_nothing()
    {
        for (var i = 1; i <= 8; i++)
            _cli.Picture($"in/{i}.png", i);
        await using var workbench = await StartAsync("--stride", "32");
        var (code, output, error) = await workbench.EndAsync(atOnce: true);
        Assert.Equal(130, code);
        Assert.Contains("Interrupted", error, StringComparison.Ordinal);
        Assert.DoesNotContain("has ended", output, StringComparison.Ordinal);
    }

    private Task<RunningWorkbench> StartAsync(params string[] more) =>
        RunningWorkbench.StartAsync([_cli.Folder["in"], "--model", SclipCli.Model, "--out", Saved, .. more]);

    private async Task RefusedAsync(string mention, params string[] options)
    {
        var (code, _, error) = await SclipCli.Run(
            ["workbench", _cli.Folder["in"], .. options.Contains("--model") ? [] : (string[])["--model", SclipCli.Model], .. options.Contains("--out") ? [] : (string[])["--out", Saved], .. options]);
        Assert.Equal(1, code);
        Assert.Contains(mention, error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
