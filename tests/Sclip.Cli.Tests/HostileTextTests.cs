using Sclip.Cli.Tests.Jobs;

namespace Sclip.Cli.Tests;

/// <summary>What is given to the program, or lies in its folders, comes back in messages, and does nothing to the terminal they are read on.</summary>
[Collection(JobCli.Collection)]
public sealed class HostileTextTests : IDisposable
{
    private const string Hostile = "x\u001b[31m\nforged: all is well\u009b2J\r";
    private readonly SclipCli _cli = new();

    public HostileTextTests()
    {
        _cli.Picture("in/one.png");
        JobCli.Use(("STORE__FOLDER", _cli.Folder["store"]));
    }

    public void Dispose()
    {
        JobCli.Use();
        _cli.Dispose();
    }

    public static TheoryData<string[]> Commands => new((string[][])
    [
        ["label", Hostile, "--labels", "a, b", "--model", "demo/model", "--out", "OUT"],
        ["label", "IN", "--labels", "a, b", "--model", Hostile, "--out", "OUT"],
        ["label", "IN", "--labels", "a, b", "--model", "demo/model", "--out", "OUT", "--method", Hostile],
        ["label", "IN", "--labels", "@" + Hostile, "--model", "demo/model", "--out", "OUT"],
        ["label", Hostile + "*", "--labels", "a, b", "--model", "demo/model", "--out", "OUT"],
        ["relabel", Hostile, "--labels", "a, b", "--out", "OUT"],
        ["labels", Hostile + ".json"],
        ["model", "show", Hostile],
        ["model", "pull", Hostile],
        ["model", "convert", Hostile, "--out", "OUT"],
        ["upload", "IN", "--to", Hostile],
        ["upload", "IN", "--to", "photos/" + Hostile],
        ["submit", "--input", Hostile, "--labels", "a, b", "--model", "demo/model"],
        ["submit", "--input", "photos", "--labels", "a, b", "--model", Hostile],
        ["submit", "--input", "photos", "--labels", "a, b", "--model", "demo/model", "--formats", Hostile],
        ["submit", "--input", "photos@" + Hostile, "--labels", "a, b", "--model", "demo/model"],
        ["jobs", "--state", Hostile],
        ["jobs", "--limit", Hostile],
        ["jobs", "--dispatcher", Hostile],
        ["status", Hostile],
        ["watch", Hostile],
        ["cancel", Hostile],
        ["results", Hostile, "--out", "OUT"],
        ["review", Hostile],
        ["review", "job", "--against", Hostile],
        ["export", Hostile, "--format", "npy", "--out", "OUT"],
        ["export", "IN", "--format", Hostile, "--out", "OUT"],
        ["import", Hostile, "--format", "masks", "--out", "OUT"],
        ["eval", "IN", "--ground-truth", Hostile],
        ["explore", Hostile, "--labels", "a, b", "--model", "demo/model"],
        [Hostile],
        ["--" + Hostile],
        ["jobs", Hostile],
        ["jobs", "--" + Hostile],
    ]);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_refusal_quotes_what_was_given_without_its_control_characters(string[] command)
    {
        var (code, output, error) = await SclipCli.Run([.. command.Select(word => word switch { "IN" => _cli.Folder["in"], "OUT" => _cli.Output, _ => word })]);
        Assert.True(code == 1, $"{code}: {error}{output}");
        Assert.StartsWith("sclip: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain(error + output, letter => char.IsControl(letter) && letter != '\n');
        Assert.DoesNotContain((error + output).Split('\n'), line => line.StartsWith("forged", StringComparison.Ordinal));
        Assert.DoesNotContain("unexpected", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_fails_is_named_without_control_characters()
    {
        _cli.Folder.Write($"in/{Hostile}.png", "no picture");
        foreach (var more in (string[][])[[], ["--json"]])
        {
            var (code, output, error) = await _cli.Label([.. more, "--force"]);
            Assert.True(code == 2, error);
            Assert.Contains("failed: x\uFFFD[31m\uFFFDforged: all is well\uFFFD2J\uFFFD.png: ", error, StringComparison.Ordinal);
            Assert.DoesNotContain(error + output, letter => char.IsControl(letter) && letter != '\n');
        }
    }
}
