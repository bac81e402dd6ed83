using Sclip.Imaging;

namespace Sclip.Cli.Tests.Labelling;

public sealed class LabelTests : IDisposable
{
    private readonly SclipCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_folder_is_labelled_with_its_subfolders_kept()
    {
        _cli.Picture("in/a.png");
        _cli.Picture("in/sub/deeper/b.PNG", 2);
        _cli.Picture("in/.hidden/c.png");
        _cli.Folder.Write("in/notes.txt", "not a picture");
        var (code, output, error) = await _cli.Label("--overlay", "--scores");
        Assert.True(code == 0, error);
        Assert.Equal(["a.png", "sub/deeper/b.PNG"], _cli.Results.Select(result => result["image"]!.GetValue<string>()));
        Assert.Contains("other files", output, StringComparison.Ordinal);
        foreach (var name in (string[])["masks/a.png.png", "masks/sub/deeper/b.PNG.png", "overlays/sub/deeper/b.PNG.jpg", "scores/a.png.npy"])
            Assert.True(File.Exists(Path.Combine(_cli.Output, name)), name);
        Assert.Equal(128 + 2L * 13 * 192 * 256, new FileInfo(Path.Combine(_cli.Output, "scores/a.png.npy")).Length);
        Assert.Empty(Directory.GetFiles(_cli.Output, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Counts_in_the_results_are_the_masks()
    {
        _cli.Picture("in/a.png", 7);
        await _cli.Label();
        var (labels, width, height) = MaskDecoder.Read(await File.ReadAllBytesAsync(Path.Combine(_cli.Output, "masks/a.png.png"), TestContext.Current.CancellationToken), ImageLimits.Default);
        var result = _cli.Result("a.png");
        Assert.Equal((result["width"]!.GetValue<int>(), result["height"]!.GetValue<int>()), (width, height));
        Assert.Equal(
            labels.CountBy(label => label).Select(item => (long)item.Value).Order(),
            result["pixels"]!.AsObject().Select(item => item.Value!.GetValue<long>()).Order());
    }

    [Fact]
    public async Task The_number_of_threads_changes_no_byte()
    {
        _cli.Picture("in/a.png", 7);
        _cli.Picture("in/b.png", 5);
        await _cli.Label("--threads", "1", "--pamr", "--pamr-steps", "2");
        var one = Masks();
        await _cli.Label("--threads", "3", "--pamr", "--pamr-steps", "2", "--batch", "5", "--force");
        Assert.Equal(one, Masks());
    }

    [Fact]
    public async Task Names_of_masks_keep_the_endings_of_pictures()
    {
        _cli.Picture("in/a.png");
        _cli.Folder.Write("in/a.jpg", JpegEncoder.Encode(ImageDecoder.Decode(await File.ReadAllBytesAsync(_cli.Folder["in/a.png"], TestContext.Current.CancellationToken), ImageLimits.Default)));
        await _cli.Label();
        Assert.Equal(["masks/a.jpg.png", "masks/a.png.png"], _cli.Results.Select(result => result["mask"]!.GetValue<string>()).Order());
    }

    [Fact]
    public async Task A_glob_finds_pictures_at_any_depth()
    {
        _cli.Picture("in/x/a.png");
        _cli.Picture("in/x/y/b.png");
        _cli.Picture("in/z/c.png");
        var (code, _, error) = await SclipCli.Run(["label", _cli.Folder["in/x/**/*.png"], "--labels", "grass, sky", "--model", SclipCli.Model, "--out", _cli.Output]);
        Assert.True(code == 0, error);
        Assert.Equal(["a.png", "y/b.png"], _cli.Results.Select(result => result["image"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_output_inside_the_input_is_not_read_back()
    {
        _cli.Picture("in/a.png");
        string[] arguments = ["label", _cli.Folder["in"], "--labels", "grass, sky", "--model", SclipCli.Model, "--out", _cli.Folder["in/out"]];
        await SclipCli.Run(arguments);
        await SclipCli.Run(arguments);
        Assert.Single(await File.ReadAllLinesAsync(_cli.Folder["in/out/results.jsonl"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Results_of_another_run_are_not_taken_for_pictures()
    {
        _cli.Picture("in/a.png");
        Assert.Equal(0, (await SclipCli.Run(["label", _cli.Folder["in"], "--labels", "grass, sky", "--model", SclipCli.Model, "--out", _cli.Folder["in/earlier"]])).ExitCode);
        await _cli.Label();
        Assert.Equal(["a.png"], _cli.Results.Select(result => result["image"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_link_to_a_folder_is_not_followed()
    {
        _cli.Picture("in/sub/a.png");
        Directory.CreateSymbolicLink(_cli.Folder["in/sub/back"], _cli.Folder["in"]);
        await _cli.Label();
        Assert.Equal(["sub/a.png"], _cli.Results.Select(result => result["image"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Pictures_of_one_name_in_several_inputs_keep_apart_also_when_run_again()
    {
        _cli.Picture("one/x.png");
        _cli.Picture("two/x.png", 2);
        _cli.Picture("two/y.png", 3);
        string[] arguments = ["label", _cli.Folder["one"], _cli.Folder["two"], "--labels", "grass, sky", "--model", SclipCli.Model, "--out", _cli.Output];
        Assert.Equal(0, (await SclipCli.Run(arguments)).ExitCode);
        var (code, output, _) = await SclipCli.Run(arguments);
        Assert.Equal(0, code);
        Assert.Matches("skipped \\(labelled before\\) +3\\s", output);
        Assert.Equal(
            [("one/x.png", "masks/one/x.png.png"), ("two/x.png", "masks/two/x.png.png"), ("y.png", "masks/y.png.png")],
            _cli.Results.Select(result => (result["image"]!.GetValue<string>(), result["mask"]!.GetValue<string>())));
    }

    [Fact]
    public async Task Whole_paths_tell_apart_inputs_whose_folders_are_called_alike()
    {
        _cli.Picture("one/in/x.png");
        _cli.Picture("two/in/x.png", 2);
        await SclipCli.Run(["label", _cli.Folder["one/in"], _cli.Folder["two/in"], "--labels", "grass, sky", "--model", SclipCli.Model, "--out", _cli.Output]);
        Assert.Equal(
            [_cli.Folder["one/in/x.png"].TrimStart('/'), _cli.Folder["two/in/x.png"].TrimStart('/')],
            _cli.Results.Select(result => result["image"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_second_run_skips_what_is_labelled_and_redoes_what_changed()
    {
        _cli.Picture("in/a.png");
        _cli.Picture("in/b.png", 2);
        await _cli.Label();
        var written = File.GetLastWriteTimeUtc(Path.Combine(_cli.Output, "masks/a.png.png"));
        _cli.Picture("in/b.png", 3);
        var (code, output, _) = await _cli.Label();
        Assert.Equal(0, code);
        Assert.Matches("labelled +1\\s", output);
        Assert.Matches("skipped \\(labelled before\\) +1\\s", output);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(_cli.Output, "masks/a.png.png")));
        Assert.Equal(2, _cli.Results.Length);
    }

    [Fact]
    public async Task A_failed_picture_is_tried_again()
    {
        _cli.Folder.Write("in/a.png", "no picture");
        Assert.Equal(2, (await _cli.Label()).ExitCode);
        _cli.Picture("in/a.png");
        Assert.Equal(0, (await _cli.Label()).ExitCode);
        Assert.Equal("ok", _cli.Result("a.png")["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Other_settings_are_refused_by_name_unless_forced()
    {
        _cli.Picture("in/a.png");
        await _cli.Label();
        var before = Masks();
        var (code, _, error) = await _cli.Label("--method", "clip", "--stride", "16");
        Assert.Equal(1, code);
        Assert.Contains("  method: 'sclip' there, 'clip' now", error, StringComparison.Ordinal);
        Assert.Contains("stride: 32 there, 16 now", error, StringComparison.Ordinal);
        Assert.Equal(before, Masks());
        Assert.Equal(0, (await _cli.Label("--method", "clip", "--stride", "16", "--force")).ExitCode);
        Assert.Equal(0, (await _cli.Label("--method", "clip", "--stride", "16")).ExitCode);
    }

    [Fact]
    public async Task Another_matrix_in_the_same_projection_file_is_another_setting()
    {
        _cli.Picture("in/a.png");
        var method = _cli.Projection(0.5f);
        Assert.Equal(0, (await _cli.Label("--method", method)).ExitCode);
        Assert.Matches("skipped \\(labelled before\\) +1\\s", (await _cli.Label("--method", method)).Output);
        var before = Masks();
        _cli.Projection(20);
        var (code, _, error) = await _cli.Label("--method", method);
        Assert.Equal(1, code);
        Assert.Matches("\n  projection: fingerprint [0-9a-f]{12}… there, fingerprint [0-9a-f]{12}… now\n", error);
        Assert.Equal(before, Masks());
    }

    [Fact]
    public async Task Doubtful_pixels_go_to_the_background_wherever_it_stands()
    {
        _cli.Picture("in/a.png");
        var (code, _, error) = await SclipCli.Run(
            ["label", _cli.Folder["in"], "--labels", "grass, background, sky", "--prob-threshold", "1", "--logit-scale", "1", "--model", SclipCli.Model, "--out", _cli.Output]);
        Assert.True(code == 0, error);
        Assert.Equal(["background"], _cli.Result("a.png")["pixels"]!.AsObject().Where(item => item.Value!.GetValue<long>() > 0).Select(item => item.Key));
        // So the run says, and one of a version that took the first class is not gone on with.
        var path = _cli.Folder["out/sclip-folder.json"];
        var settings = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains("\"background\": 1,", settings, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, settings.Replace("\"background\": 1,", "\"background\": 0,", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        (code, _, error) = await SclipCli.Run(
            ["label", _cli.Folder["in"], "--labels", "grass, background, sky", "--prob-threshold", "1", "--logit-scale", "1", "--model", SclipCli.Model, "--out", _cli.Output]);
        Assert.Equal(1, code);
        Assert.Contains("background: class 0 'grass' there, class 1 'background' now", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_without_thresholds_goes_on_whatever_class_an_earlier_version_took_for_the_background()
    {
        _cli.Picture("in/a.png");
        string[] command = ["label", _cli.Folder["in"], "--labels", "grass, background, sky", "--model", SclipCli.Model, "--out", _cli.Output];
        await SclipCli.Run(command);
        // The first one, where none was marked.
        Assert.Contains("\"background\": 0,", await File.ReadAllTextAsync(_cli.Folder["out/sclip-folder.json"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, (await SclipCli.Run(command)).ExitCode);
    }

    [Fact]
    public async Task An_interrupted_run_continues_to_the_same_bytes()
    {
        for (var scene = 1; scene <= 8; scene++)
            _cli.Picture($"in/{scene}.png", scene);
        await _cli.Label();
        var (masks, lines) = (Masks(), _cli.Results.Length);
        Directory.Delete(_cli.Output, recursive: true);

        using var stop = new CancellationTokenSource();
        using var watcher = new FileSystemWatcher(_cli.Folder.Path, "1.png.png") { IncludeSubdirectories = true, EnableRaisingEvents = true };
        watcher.Renamed += (_, _) => stop.Cancel();
        string[] arguments = ["label", _cli.Folder["in"], "--labels", Path.Combine(SclipCli.Demo, "labels.json"), "--model", SclipCli.Model, "--out", _cli.Output, "--threads", "1"];
        var (code, _, error) = await SclipCli.Run(arguments, stop.Token);
        if (code == 130)
        {
            Assert.Contains("goes on where it stopped", error, StringComparison.Ordinal);
            Assert.InRange(_cli.Results.Length, 1, 7);
            // A line that was being written when the power went.
            await File.AppendAllTextAsync(Path.Combine(_cli.Output, "results.jsonl"), "{\"image\":\"8.p", TestContext.Current.CancellationToken);
        }
        Assert.Equal(0, (await SclipCli.Run(arguments)).ExitCode);
        Assert.Equal(masks, Masks());
        Assert.Equal(lines, _cli.Results.Length);
    }

    [Fact]
    public async Task A_run_that_is_stopped_before_it_begins_says_how_to_go_on()
    {
        _cli.Picture("in/a.png");
        await _cli.Label();
        Directory.Delete(Path.Combine(_cli.Output, "masks"), recursive: true);
        string[] arguments = ["label", _cli.Folder["in"], "--labels", Path.Combine(SclipCli.Demo, "labels.json"), "--model", SclipCli.Model, "--out", _cli.Output];
        var (code, _, error) = await SclipCli.Run(arguments, new CancellationToken(canceled: true));
        Assert.Equal(130, code);
        Assert.Contains("The same command goes on where it stopped", error, StringComparison.Ordinal);
        Assert.Equal(0, (await SclipCli.Run(arguments)).ExitCode);
        Assert.Single(Masks());
    }

    private Dictionary<string, string> Masks() => Directory.GetFiles(Path.Combine(_cli.Output, "masks"), "*", SearchOption.AllDirectories)
        .ToDictionary(path => path, path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))));
}
