using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sclip.Cli.Tests.Benchmarks;

public sealed partial class BenchmarkCommandTests : IDisposable
{
    private readonly SclipCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Methods_are_measured_on_pictures_of_ones_own_and_the_rest_follows_later()
    {
        var (code, output, error) = await Own("benchmark", "--limit", "2", "--methods", "clip,sclip");
        Assert.True(code == 0, error);
        Assert.Contains("2 of 8 pictures measured, 0 failed", output, StringComparison.Ordinal);
        var few = Figures(output);
        Assert.Equal(["clip", "sclip"], few.Keys);

        (code, output, error) = await Own("benchmark", "--methods", "clip,sclip");
        Assert.True(code == 0, error);
        Assert.Contains("8 of 8 pictures measured, 0 failed", output, StringComparison.Ordinal);
        var all = Figures(output);
        Assert.NotEqual(few, all);
        Assert.True(all["sclip"] > all["clip"], output);
        Assert.DoesNotContain("paper", output, StringComparison.Ordinal);
        var document = JsonNode.Parse(await File.ReadAllTextAsync(_cli.Folder["out/benchmark.json"], TestContext.Current.CancellationToken))!;
        Assert.Equal(all["sclip"], Math.Round(100 * document["ways"]![1]!["miou"]!.GetValue<double>(), 2));

        (code, _, error) = await Own("benchmark", "--methods", "clip,sclip", "--limit", "3");
        Assert.Equal(1, code);
        Assert.Contains("8 pictures already, more than --limit 3", error, StringComparison.Ordinal);
        (code, _, error) = await Own("benchmark", "--methods", "sclip", "--crop", "32");
        Assert.Equal(1, code);
        Assert.Contains("  crop: 64 there, 32 now", error, StringComparison.Ordinal);
        Assert.Contains("  methods: 'clip', 'sclip' there, 'sclip' now", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_benchmark_leaves_out_is_told_and_how_ground_truth_is_read_is_one_of_its_settings()
    {
        var (code, output, error) = await Own("benchmark", "--limit", "1", "--methods", "clip,sclip", "--ids", "1=0", "--ignore", "0");
        Assert.True(code == 0, error);
        var path = _cli.Folder["out/benchmark.json"];
        var document = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        var (ignored, share) = (document["ignored_pixels"]!.GetValue<long>(), document["ignored_share"]!.GetValue<double>());
        Assert.InRange(share, 0.05, 0.95);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"left out: {ignored:N0} pixels ({share * 100:0.00} %) that do not count; 0 pictures failed, 0 of the ground truth have no picture"), output, StringComparison.Ordinal);
        Assert.Contains("notice: ", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n'), line => line.Contains("of the pixels do not count", StringComparison.Ordinal));

        (code, _, error) = await Own("benchmark", "--methods", "clip,sclip");
        Assert.Equal(1, code);
        Assert.Contains("ground_truth.ids: '1=0' there, not set now", error, StringComparison.Ordinal);

        (code, _, error) = await Own("benchmark", "--methods", "clip,sclip", "--ids", "1=0", "--ignore", "none");
        Assert.Equal(1, code);
        Assert.Contains("other settings:\n  ground_truth.ignore: 0 there, 'none' now\n", error, StringComparison.Ordinal);

        // Of an earlier version, which counted no ignored pixels, they stay unknown.
        document.AsObject().Remove("ignored_pixels");
        await File.WriteAllTextAsync(path, document.ToJsonString(), TestContext.Current.CancellationToken);
        (code, output, error) = await Own("benchmark", "--limit", "2", "--methods", "clip,sclip", "--ids", "1=0", "--ignore", "0");
        Assert.True(code == 0, error);
        Assert.Contains("left out: pixels that do not count are unknown", output, StringComparison.Ordinal);
        Assert.Null(JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!["ignored_pixels"]);
    }

    [Fact]
    public async Task A_benchmark_goes_on_with_the_files_that_it_measured_and_no_others()
    {
        foreach (var part in (string[])["pictures", "ground-truth"])
            foreach (var i in Enumerable.Range(1, 3))
                _cli.Folder.Write($"{part}/scene-{i}.png", await File.ReadAllBytesAsync(Path.Combine(SclipCli.Demo, part, $"scene-{i}.png"), TestContext.Current.CancellationToken));
        Task<(int ExitCode, string Output, string Error)> Run(params string[] more) => SclipCli.Run(
            ["benchmark", "--images", _cli.Folder["pictures"], "--ground-truth", _cli.Folder["ground-truth"], "--labels", Path.Combine(SclipCli.Demo, "labels.json"), "--model", SclipCli.Model, "--methods", "clip", "--out", _cli.Output, .. more]);
        Assert.Equal(0, (await Run("--limit", "2")).ExitCode);

        // What was not measured yet may change, and all may move.
        File.Copy(_cli.Folder["ground-truth/scene-1.png"], _cli.Folder["ground-truth/scene-3.png"], overwrite: true);
        Directory.Move(_cli.Folder["pictures"], _cli.Folder["moved"]);
        Directory.CreateSymbolicLink(_cli.Folder["pictures"], _cli.Folder["moved"]);
        var (code, output, error) = await Run();
        Assert.True(code == 0, error);
        var figures = Figures(output);
        Assert.Equal(figures, Figures((await Run()).Output));
        foreach (var part in (string[])["ground-truth", "pictures"])
        {
            var good = await File.ReadAllBytesAsync(_cli.Folder[$"{part}/scene-2.png"], TestContext.Current.CancellationToken);
            File.Copy(_cli.Folder[$"{part}/scene-1.png"], _cli.Folder[$"{part}/scene-2.png"], overwrite: true);
            (code, _, error) = await Run();
            Assert.Equal(1, code);
            Assert.Contains("is a benchmark of other files by the same names: 1 of 3 pictures tried there, or of their ground truth, differ: scene-2.png.\nUse another --out", error, StringComparison.Ordinal);
            _cli.Folder.Write($"{part}/scene-2.png", good);
        }
        File.Move(_cli.Folder["pictures/scene-3.png"], _cli.Folder["pictures/scene-4.png"]);
        Assert.Contains("other settings:\n  pictures: others by name there than now\n", (await Run()).Error, StringComparison.Ordinal);
        _cli.Folder.Write("out/benchmark.json", "{}");
        Assert.Contains("benchmark.json is damaged, or no benchmark's. Use another --out, or --force to start over.", (await Run()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_benchmarks_names_over_other_pictures_stand_beside_no_published_figures()
    {
        var (code, output, error) = await SclipCli.Run(
        [
            "benchmark", "voc20", "--images", Path.Combine(SclipCli.Demo, "pictures"), "--ground-truth", Path.Combine(SclipCli.Demo, "ground-truth"), "--labels", Path.Combine(SclipCli.Demo, "labels.json"),
            "--model", SclipCli.Model, "--methods", "clip", "--limit", "1", "--out", _cli.Output,
        ]);
        Assert.True(code == 0, error);
        Assert.Contains("against the ground truth", output, StringComparison.Ordinal);
        Assert.DoesNotContain("paper", output, StringComparison.Ordinal);
        Assert.DoesNotContain("PASCAL", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Published", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_matrix_in_the_same_projection_file_is_another_benchmark()
    {
        var method = _cli.Projection(0.5f);
        string[] command = ["--limit", "1", "--methods", $"clip,{method}"];
        Assert.Equal(0, (await Own("benchmark", command)).ExitCode);
        Assert.Equal(0, (await Own("benchmark", command)).ExitCode);
        _cli.Projection(20);
        var (code, _, error) = await Own("benchmark", command);
        Assert.Equal(1, code);
        Assert.Matches($"other settings:\n  projections.{Regex.Escape(method)}: fingerprint [0-9a-f]{{12}}… there, fingerprint [0-9a-f]{{12}}… now\n", error);
    }

    [Fact]
    public async Task The_ablation_has_a_row_a_projection_and_the_spread_of_its_trials()
    {
        var (code, output, error) = await Own("ablate", "--limit", "1", "--trials", "2");
        Assert.True(code == 0, error);
        foreach (var row in (string[])["identity", "W_q", "W_k", "W_q and W_k"])
            Assert.Matches($@"(?m)^{row} +[\d.]+ +1$", output);
        foreach (var n in (int[])[1, 4, 16])
            Assert.Matches($@"(?m)^random, n = {n} +[\d.]+ ± [\d.]+ +2$", output);
    }

    [Fact]
    public async Task A_benchmark_stands_beside_the_papers_figures_and_names_what_failed()
    {
        var mask = await File.ReadAllBytesAsync(Path.Combine(SclipCli.Demo, "ground-truth", "scene-1.png"), TestContext.Current.CancellationToken);
        _cli.Folder.Write("VOC2012/SegmentationClass/a.png", mask);
        _cli.Folder.Write("VOC2012/ImageSets/Segmentation/val.txt", "a\nb\n");
        _cli.Picture("VOC2012/JPEGImages/a.jpg");
        _cli.Picture("VOC2012/JPEGImages/b.jpg");
        string[] command = ["benchmark", "voc21", "--data", _cli.Folder.Path, "--model", SclipCli.Model, "--short-side", "64", "--crop", "64", "--stride", "64", "--pamr", "--pamr-steps", "1", "--out", _cli.Output];
        var (code, output, error) = await SclipCli.Run(command);
        Assert.True(code == 2, error);
        Assert.Contains($"failed: b: there is no ground truth {_cli.Folder["VOC2012/SegmentationClass/b.png"]}", error, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^clip  .+ 18\.8 +–$", output);
        Assert.Matches(@"(?m)^maskclip  .+ 43\.4 +–$", output);
        Assert.Matches(@"(?m)^sclip  .+ 59\.1 +59\.63$", output);
        Assert.Matches(@"(?m)^sclip \+ PAMR  .+ – +–$", output);
        Assert.Contains("1 of 2 pictures measured, 1 failed", output, StringComparison.Ordinal);
        // Asked again, it shows what it knows.
        Assert.Equal((2, output[output.IndexOf("\nmethod  ", StringComparison.Ordinal)..]), await Again());

        async Task<(int, string)> Again()
        {
            var (again, shown, told) = await SclipCli.Run(command);
            Assert.Contains("failed before: b: ", told, StringComparison.Ordinal);
            return (again, shown[shown.IndexOf("\nmethod  ", StringComparison.Ordinal)..]);
        }
    }

    [Fact]
    public async Task Where_all_pictures_failed_that_is_said_and_no_figures_or_notices()
    {
        string[] swapped = [.. Arguments("benchmark", "--methods", "clip").Select(argument => Path.GetFileName(argument) switch
        {
            "pictures" => Path.Combine(SclipCli.Demo, "ground-truth"),
            "ground-truth" => Path.Combine(SclipCli.Demo, "pictures"),
            _ => argument,
        })];
        // Asked again, it says the same.
        foreach (var failed in (string[])["failed: ", "failed before: "])
        {
            var (code, output, error) = await SclipCli.Run(swapped);
            Assert.Equal(1, code);
            var lines = error.TrimEnd().Split('\n');
            Assert.Equal(8, lines.Count(line => line.StartsWith(failed, StringComparison.Ordinal)));
            Assert.Equal("sclip: Nothing was measured: all 8 pictures failed. When that is mended, --force starts over.", lines[^1]);
            Assert.Equal(9, lines.Length);
            Assert.DoesNotContain("\nmethod  ", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_interrupted_benchmark_says_that_it_goes_on()
    {
        var (code, _, error) = await SclipCli.Run(Arguments("benchmark", "--methods", "sclip"), stop: new CancellationToken(canceled: true));
        Assert.Equal(130, code);
        Assert.Contains("Interrupted", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no preset 'voc'", "benchmark", "voc", "--data", "/")]
    [InlineData("The folder /nowhere does not exist.", "benchmark", "voc21", "--data", "/nowhere")]
    [InlineData("JPEGImages is missing", "benchmark", "voc21", "--data", "{demo}")]
    [InlineData("Give either --data, or --images and --ground-truth", "benchmark", "voc21")]
    [InlineData("Give either --data, or --images and --ground-truth", "ablate", "voc21", "--images", "/")]
    [InlineData("--data is a benchmark's", "benchmark", "--data", "/", "--labels", "cat")]
    [InlineData("Name a benchmark", "benchmark", "--images", "/", "--ground-truth", "/")]
    [InlineData("There is no method 'clap'", "benchmark", "voc21", "--data", "/", "--methods", "clip,clap")]
    [InlineData("names one twice", "benchmark", "voc21", "--data", "/", "--methods", "clip,clip")]
    [InlineData("--labels has 2 classes, the ground truth of voc21 21", "benchmark", "voc21", "--data", "/", "--labels", "cat, dog")]
    [InlineData("--ids is for ground truth of one's own", "benchmark", "voc21", "--data", "/", "--ids", "255=1")]
    [InlineData("--ignore is for ground truth of one's own", "benchmark", "voc21", "--data", "/", "--ignore", "none")]
    [InlineData("--trials must lie in 1..100", "ablate", "voc21", "--data", "/", "--trials", "0")]
    [InlineData("--limit must be at least 1", "benchmark", "--images", "{demo}/pictures", "--ground-truth", "{demo}/ground-truth", "--labels", "cat", "--limit", "0")]
    [InlineData("--ignore must be a value of 0 to 65535, or none", "benchmark", "--images", "{demo}/pictures", "--ground-truth", "{demo}/ground-truth", "--labels", "cat", "--ignore", "70000")]
    public async Task What_cannot_be_measured_is_refused(string expected, params string[] arguments)
    {
        var (code, _, error) = await SclipCli.Run([.. arguments.Select(argument => argument.Replace("{demo}", SclipCli.Demo, StringComparison.Ordinal))]);
        Assert.Equal(1, code);
        Assert.StartsWith("sclip: ", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Other_names_of_a_benchmark_leave_the_background_where_it_is_and_own_data_needs_one()
    {
        // The authors' form marks no background, and their thresholds need one: it is the benchmark's.
        _cli.Folder.Write("labels.txt", string.Join('\n', Enumerable.Range(0, 21).Select(i => $"name {i}")));
        string[] own = ["--images", $"{SclipCli.Demo}/pictures", "--ground-truth", $"{SclipCli.Demo}/ground-truth", "--model", SclipCli.Model, "--out", _cli.Output];
        var (code, _, error) = await SclipCli.Run(["benchmark", "voc21", .. own, "--labels", _cli.Folder["labels.txt"], "--methods", "clip", "--limit", "1", "--short-side", "64", "--crop", "64", "--stride", "64"]);
        Assert.True(code == 0, error);
        Assert.Equal(0, JsonNode.Parse(await File.ReadAllTextAsync(_cli.Folder["out/benchmark.json"], TestContext.Current.CancellationToken))!["settings"]!["background"]!.GetValue<int>());
        Directory.Delete(_cli.Output, recursive: true);

        (code, _, error) = await SclipCli.Run(["benchmark", .. own, "--labels", $"{SclipCli.Demo}/labels.json", "--prob-threshold", "0.5"]);
        Assert.Equal(1, code);
        Assert.Contains("none of the classes is it", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli.Output));
    }

    [Fact]
    public async Task A_preset_gives_labels_and_settings_that_options_override()
    {
        _cli.Picture("in/a.png");
        string[] command = ["label", _cli.Folder["in"], "--preset", "voc21", "--model", SclipCli.Model, "--out", _cli.Output, "--short-side", "64", "--crop", "64", "--stride", "32", "--area-threshold", "0.2"];
        var (code, _, error) = await SclipCli.Run(command);
        Assert.True(code == 0, error);
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(_cli.Folder["out/sclip-folder.json"], TestContext.Current.CancellationToken))!["settings"]!;
        Assert.Equal(21, settings["labels"]!.AsArray().Count);
        Assert.Equal("#c08080", settings["labels"]![15]!["color"]!.GetValue<string>());
        Assert.Equal((65, 0.1, 0.2, 64), (settings["logit_scale"]!.GetValue<double>(), settings["prob_threshold"]!.GetValue<double>(), settings["area_threshold"]!.GetValue<double>(), settings["short_side"]!.GetValue<int>()));

        (code, _, error) = await SclipCli.Run([.. command, "--labels", "cat, dog", "--prob-threshold", "0", "--force"]);
        Assert.Equal(1, code);
        Assert.Contains("the area threshold of 0.2 takes shares of what is not background, and none of the classes is it", error, StringComparison.Ordinal);

        (code, _, error) = await SclipCli.Run([.. command[..^2], "--area-threshold", "0", "--labels", "cat, dog", "--prob-threshold", "0", "--force"]);
        Assert.True(code == 0, error);
        settings = JsonNode.Parse(await File.ReadAllTextAsync(_cli.Folder["out/sclip-folder.json"], TestContext.Current.CancellationToken))!["settings"]!;
        Assert.Equal((2, 65, 0), (settings["labels"]!.AsArray().Count, settings["logit_scale"]!.GetValue<double>(), settings["prob_threshold"]!.GetValue<double>()));
    }

    [Fact]
    public async Task Labels_that_are_not_given_are_asked_for()
    {
        var (code, _, error) = await SclipCli.Run(["label", "/", "--model", SclipCli.Model]);
        Assert.Equal((1, "sclip: --labels is missing: give class names, or a benchmark's by --preset.\n"), (code, error));
    }

    [GeneratedRegex(@"(?m)^(?<method>\w+)  +(?<miou>[\d.]+)  +[\d.]+  +[\d.]+\b")]
    private static partial Regex Row();

    private static Dictionary<string, double> Figures(string output) =>
        Row().Matches(output).ToDictionary(row => row.Groups["method"].Value, row => double.Parse(row.Groups["miou"].Value, CultureInfo.InvariantCulture));

    private string[] Arguments(string command, params string[] more) =>
    [
        command, "--images", Path.Combine(SclipCli.Demo, "pictures"), "--ground-truth", Path.Combine(SclipCli.Demo, "ground-truth"),
        "--labels", Path.Combine(SclipCli.Demo, "labels.json"), "--model", SclipCli.Model, "--out", _cli.Output, .. more,
    ];

    private Task<(int ExitCode, string Output, string Error)> Own(string command, params string[] more) => SclipCli.Run(Arguments(command, more));
}
