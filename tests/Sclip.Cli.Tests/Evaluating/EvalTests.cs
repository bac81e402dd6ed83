using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Evaluating;

public sealed class EvalTests : IDisposable
{
    private const string Settings = """{"labels": [{"name": "cat", "synonyms": []}, {"name": "[red]dog[/]", "synonyms": []}]}""";

    private readonly TemporaryFolder _folder = new();

    public EvalTests() => _folder.Write("out/results.jsonl", "");

    private string Report => _folder["report"];

    [Fact]
    [SupportedOSPlatform("linux")]
    public void Ground_truth_that_may_not_be_read_is_named()
    {
        _folder.Write("closed/a.png", "");
        File.SetUnixFileMode(_folder["closed"], UnixFileMode.None);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        try
        {
            var (code, _, error) = Unprivileged.Run(() => SclipCli.Run(["eval", _folder["out"], "--ground-truth", _folder["closed"], "--labels", "cat, dog"]));
            Assert.Equal(1, code);
            Assert.Equal($"sclip: A file, a folder or the output cannot be read or written: Access to the path '{_folder["closed"]}' is denied. (SCLIP_DEBUG=1 shows where){Environment.NewLine}", error);
        }
        finally
        {
            File.SetUnixFileMode(_folder["closed"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task Results_are_held_against_ground_truth_by_the_classes_they_tell()
    {
        Pair("a", [0, 1, 1, 1], [0, 0, 1, 1]);
        Pair("b/c", [1, 1], [1, 255]);
        _folder.Write("out/sclip-settings.json", Settings);
        var (code, output, error) = await Eval();
        Assert.True(code == ExitCodes.Done, error);
        Assert.Contains("\ncat          50.00   50.00     40.00\n", output, StringComparison.Ordinal);
        Assert.Contains("\n[red]dog[/]  75.00  100.00     60.00\n", output, StringComparison.Ordinal);
        Assert.Contains("\nmIoU, mAcc   62.50   75.00\n", output, StringComparison.Ordinal);
        Assert.Contains("2 pictures, 5 pixels", output, StringComparison.Ordinal);
        Assert.Contains("left out: 1 pixel (16.67 %) that does not count; 0 predictions without ground truth, 0 pictures of the ground truth without prediction, 0 failed to be labelled\n", output, StringComparison.Ordinal);
        Assert.Contains("notice: 16.67 % of the pixels do not count, 1 of 6: their ground truth is 255.", error, StringComparison.Ordinal);
        Assert.Equal(["confusion.csv", "confusion.png", "metrics.json", "report.html", "sclip-folder.json"], Directory.GetFiles(Report).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        // Further runs find the first one's report below the predictions and take nothing in it for a mask.
        Directory.Move(_folder["out/masks"], _folder["masks"]);
        foreach (var report in (string[])["masks/report", "masks/report", "new"])
            Assert.Equal(ExitCodes.Done, (await SclipCli.Run(["eval", _folder["masks"], "--ground-truth", _folder["gt"], "--labels", "cat, dog", "--out", _folder[report]])).ExitCode);
    }

    [Fact]
    public async Task The_demo_is_evaluated_with_its_pictures_shown_as_the_README_says()
    {
        Assert.Equal(ExitCodes.Done, (await SclipCli.Run(["label", Path.Combine(SclipCli.Demo, "pictures"), "--labels", Path.Combine(SclipCli.Demo, "labels.json"), "--model", SclipCli.Model, "--out", _folder["DEMO"]])).ExitCode);
        string[] command = ["eval", _folder["DEMO"], "--ground-truth", Path.Combine(SclipCli.Demo, "ground-truth"), "--pictures", Path.Combine(SclipCli.Demo, "pictures"), "--out", Report];
        var (code, output, error) = await SclipCli.Run(command);
        Assert.True(code == ExitCodes.Done, error);
        Assert.Contains("mIoU, mAcc", output, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be read", error, StringComparison.Ordinal);
        var shown = new FileInfo(Path.Combine(Report, "report.html")).Length;
        Assert.Equal(ExitCodes.Done, (await SclipCli.Run([.. command[..4], "--out", Report, "--force"])).ExitCode);
        Assert.True(new FileInfo(Path.Combine(Report, "report.html")).Length < shown);
    }

    [Fact]
    public async Task JSON_is_all_that_a_script_gets()
    {
        Pair("a", [0, 1], [1, 2]);
        var (code, output, error) = await Eval("--json", "--labels", "cat, dog", "--reduce-zero-label");
        Assert.True(code == ExitCodes.Done, error);
        var json = JsonNode.Parse(output)!;
        Assert.Equal((1.0, "dog"), (json["mIoU"]!.GetValue<double>(), json["classes"]![1]!["name"]!.GetValue<string>()));
        Assert.Equal(File.ReadAllText(Path.Combine(Report, "metrics.json")), output);
    }

    [Fact]
    public async Task What_does_not_match_is_refused_by_name_and_evaluated_in_part_where_asked()
    {
        Pair("a", [0, 1], [0, 1]);
        Prediction("more", [0, 1]);
        Write("gt/lost", [0, 1]);
        Result("""{"image":"lost.jpg","status":"failed","error":"the file is empty."}""");
        var (code, _, error) = await Eval();
        Assert.Equal(ExitCodes.CannotRun, code);
        string[] named = ["1 prediction has no ground truth: more", "1 picture of the ground truth has no prediction: lost", "1 picture failed to be labelled, as the results say: lost.jpg (the file is empty)"];
        Assert.All(named, text => Assert.Contains(text, error, StringComparison.Ordinal));
        Assert.Contains("--partial", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Report));

        (code, var output, error) = await Eval("--partial");
        Assert.Equal(ExitCodes.Done, code);
        Assert.StartsWith("WARNING: partial", error, StringComparison.Ordinal);
        Assert.All(named, text => Assert.Contains(text, error, StringComparison.Ordinal));
        Assert.Contains("PARTIAL", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ignore must be a value of 0 to 65535, or none; it is 'void'.", "--ignore", "void")]
    [InlineData("--ids must be values of 0 to 65535 and what is read for them, such as 255=1,128=2; it is '255'.", "--ids", "255")]
    [InlineData("--ids must be", "--ids", "255=1,,3=4")]
    [InlineData("--ids must be", "--ids", "-1=1")]
    [InlineData("--ids has the value 255 twice", "--ids", "255=1, 255=2")]
    [InlineData("--prediction-ids must be", "--prediction-ids", "1=65536")]
    [InlineData("where it is another of the classes, --ids VALUE=CLASS", "--labels", "cat, dog", "--ids", "2=7")]
    [InlineData("--worst must be", "--worst", "-1")]
    [InlineData("nowhere does not exist", "--pictures", "nowhere")]
    [InlineData("The output folder /proc/nowhere cannot be written", "--out", "/proc/nowhere")]
    [InlineData("holds 2, and the 2 classes are 0 to 1", "--labels", "cat, dog")]
    public async Task What_cannot_be_evaluated_is_said_in_a_line(string message, params string[] more)
    {
        Pair("a", [0, 1], [0, 2]);
        var (code, _, error) = await Eval(more);
        Assert.Equal(ExitCodes.CannotRun, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_value_counts_where_none_is_ignored()
    {
        Pair("a", [0, 255], [0, 255]);
        Assert.Contains("\n255         100.00 ", (await Eval("--ignore", "none")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("255", (await Eval()).Output.Replace(_folder.Path, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_of_255_is_noticed_with_exit_code_0_and_counts_by_ids()
    {
        Pair("a", [0, 1], [0, 255]);
        var (code, output, error) = await Eval("--labels", "other, target", "--json");
        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("notice: The ground truth has two values, 0 and 255", error, StringComparison.Ordinal);
        Assert.Contains(JsonNode.Parse(output)!["notices"]!.AsArray(), notice => notice!.GetValue<string>().Contains("give --ids 255=1", StringComparison.Ordinal));
        (_, output, _) = await Eval("--labels", "other, target", "--ids", "255=1,128=0", "--json", "--force");
        Assert.Equal((1.0, 2, 1), (JsonNode.Parse(output)!["mIoU"]!.GetValue<double>(), JsonNode.Parse(output)!["pixels"]!.GetValue<int>(), JsonNode.Parse(output)!["ids"]!["255"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_torn_line_of_the_results_is_told()
    {
        Pair("a", [0, 1], [0, 1]);
        Result("{\"image\": \"b.pn");
        Assert.Contains("WARNING: 1 line of ", (await Eval("--labels", "cat, dog")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_that_seem_to_be_exchanged_are_told()
    {
        Pair("a", [0, 1], [0, 1]);
        _folder.Write("out/sclip-settings.json", Settings);
        var (code, _, error) = await SclipCli.Run(["eval", _folder["gt"], "--ground-truth", _folder["out/masks"], "--labels", "cat, dog", "--out", Report]);
        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains($"WARNING: the ground truth {_folder["out/masks"]} is what `sclip label` labelled, and {_folder["gt"]} holds no results: see whether the two are exchanged.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("exchanged", (await SclipCli.Run(["eval", _folder["out"], "--ground-truth", _folder["gt"], "--out", _folder["second"]])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_ends_it_without_a_report()
    {
        Pair("a", [0, 1], [0, 1]);
        var (code, _, error) = await SclipCli.Run(["eval", _folder["out"], "--ground-truth", _folder["gt"], "--out", Report], stop: new CancellationToken(canceled: true));
        Assert.Equal(ExitCodes.Interrupted, code);
        Assert.StartsWith("Interrupted", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Report));
    }

    public void Dispose() => _folder.Dispose();

    private Task<(int ExitCode, string Output, string Error)> Eval(params string[] more) =>
        SclipCli.Run(["eval", _folder["out"], "--ground-truth", _folder["gt"], .. more.Contains("--out") ? [] : new[] { "--out", Report }, .. more]);

    private void Pair(string name, ushort[] prediction, ushort[] truth)
    {
        Prediction(name, prediction);
        Write($"gt/{name}", truth);
    }

    private void Prediction(string name, ushort[] labels)
    {
        Write($"out/masks/{name}.jpg", labels);
        Result($$"""{"image":"{{name}}.jpg","status":"ok","mask":"masks/{{name}}.jpg.png"}""");
    }

    private void Result(string line) => File.AppendAllText(_folder["out/results.jsonl"], line + "\n");

    private void Write(string name, ushort[] labels) => _folder.Write($"{name}.png", RawPng.Write(labels, 2, RawPng.Grey, 8));
}
