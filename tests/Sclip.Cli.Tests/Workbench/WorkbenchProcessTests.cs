using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sclip.Testing.Servers;

namespace Sclip.Cli.Tests.Workbench;

/// <summary>The program in a process of its own, as it is typed into a shell.</summary>
public sealed partial class WorkbenchProcessTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "sclip.dll");
    private readonly SclipCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task What_is_saved_labels_everything_by_the_command_as_it_is_told()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        _cli.Picture("it's mine/a b.png");
        _cli.Picture("it's mine/c.png", scene: 2);
        using var workbench = Shell($"""exec dotnet {Program} workbench "it's mine" --model {SclipCli.Model} --short-side 200""");
        await workbench.UntilAsync(_ => Task.FromResult(workbench.Output.Contains("2 pictures ready", StringComparison.Ordinal)), cancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(Address().Match(workbench.Output).Value) };
        var session = (await client.GetFromJsonAsync<JsonObject>("workbench", cancellationToken))!["sessions"]![0]!["id"];
        using var answer = await client.PostAsJsonAsync($"workbench/sessions/{session}/save", JsonNode.Parse("""{"labels": [{"name": "grass"}, {"name": "sky"}, {"name": "background"}], "settings": {"probability_threshold": 0.4}}"""), cancellationToken);
        var command = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["commands"]![0]!;
        using (var interrupt = Process.Start("sh", ["-c", $"kill -INT {workbench.Id}"]))
            await interrupt.WaitForExitAsync(cancellationToken);
        await workbench.EndAsync(cancellationToken);
        Assert.Equal(0, workbench.ExitCode);
        Assert.Contains("The workbench has ended.", workbench.Output, StringComparison.Ordinal);

        using var label = Shell($$"""sclip() { dotnet {{Program}} "$@"; }; {{command}}""");
        await label.EndAsync(cancellationToken);
        Assert.True(label.ExitCode == 0, label.Output);
        Assert.True(File.Exists(_cli.Folder["workbench-out/masks/a b.png.png"]), label.Output);
        Assert.Equal(await File.ReadAllBytesAsync(_cli.Folder["workbench-labels.json"], cancellationToken), await File.ReadAllBytesAsync(_cli.Folder["workbench-out/labels.json"], cancellationToken));
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(_cli.Folder["workbench-out/sclip-folder.json"], cancellationToken))!["settings"]!;
        Assert.Equal((200, 0.4, "fp16"), ((int)settings["short_side"]!, (double)settings["prob_threshold"]!, (string?)settings["keep_features"]));
    }

    private ServerProcess Shell(string script) => ServerProcess.Start("sh", ["-c", $"cd {_cli.Folder.Path}; {script}"]);

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/")]
    private static partial Regex Address();
}
