using Sclip.Cli.Tests.Models;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Scripting;

/// <summary>JSON of the commands that need no store: alone on the standard output, and as the schemas have it.</summary>
public sealed class JsonOfRunsTests
{
    [Fact]
    public async Task A_run_of_label_is_one_line_and_all_else_goes_to_the_error_stream()
    {
        using var cli = new SclipCli();
        cli.Picture("in/one.png");
        cli.Folder.Write("in/torn.png", "no picture");
        cli.Folder.Write("in/notes.txt", "");
        var (code, output, error) = await cli.Label("--overlay", "--doubt", "--report", "--json");
        Assert.Equal(2, code);
        var summary = SchemaCheck.Line("label", output);
        Assert.Equal((1, 1, 0, 1), ((int)summary["labelled"]!, (int)summary["failed"]!, (int)summary["left"]!, (int)summary["other_files"]!));
        Assert.Equal((long)summary["pixels"]!.AsObject().Sum(item => (long)item.Value!), cli.Result("one.png")["pixels"]!.AsObject().Sum(item => (long)item.Value!));
        Assert.Equal(1, (int)summary["failures"]!.AsObject().Single().Value!);
        foreach (var place in (string[])["masks", "overlays", "doubt_maps"])
            Assert.NotEmpty(Directory.GetFiles((string)summary[place]!));
        Assert.True(File.Exists((string)summary["results"]!) && File.Exists((string)summary["report"]!));
        Assert.False(summary.ContainsKey("scores"));
        Assert.Contains("failed: torn.png", error, StringComparison.Ordinal);
        Assert.Contains("labelling on", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_cannot_run_prints_no_JSON_and_says_why_in_words()
    {
        using var cli = new SclipCli();
        var (code, output, error) = await cli.Label("--json");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("sclip: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_and_guides_are_listed_and_shown()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        await cli.Pull();
        var list = SchemaCheck.Line("model-list", (await cli.Run(["list", "--json"])).Output);
        Assert.Equal((FakeHub.Id, FakeHub.Commit), ((string?)list["models"]![0]!["id"], (string?)list["models"]![0]!["commit"]));
        var shown = SchemaCheck.Line("model-show", (await cli.Run(["show", FakeHub.Id, "--json"])).Output);
        Assert.Equal(("model", cli.ModelDirectory), ((string?)shown["kind"], (string?)shown["directory"]));
        Assert.Contains("sclip", shown["methods"]!.AsArray().Select(name => (string)name!));

        new FakeGuide("dinov2_with_registers").Fill().WriteTo(Path.Combine(cli.CacheRoot, "guide"));
        Assert.Equal("guide", (string?)SchemaCheck.Line("model-show", (await cli.Run(["show", Path.Combine(cli.CacheRoot, "guide"), "--json"])).Output)["kind"]);
    }
}
