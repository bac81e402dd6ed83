using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Workbench;

/// <summary>What bounds the sessions of a workbench: their number, the time that nobody asks for one, and the memory of features.</summary>
public sealed class SessionLimitTests(WorkbenchFixture workbench) : IClassFixture<WorkbenchFixture>
{
    [Fact]
    public async Task A_session_that_nobody_asks_for_ends_and_makes_room()
    {
        await WithWorkbenchAsync(["--Workbench:MostSessions=1", "--Workbench:IdleMinutes=0.05"], async (client, process) =>
        {
            var job = await workbench.Jobs.SharedJobAsync();
            var begun = await BeginAsync(client, new { job, count = 1 });
            await process.UntilAsync(async token => JsonNode.Parse(await client.GetStringAsync("/workbench", token))!["sessions"]!.AsArray().Count == 0, CancellationToken.None);
            using var gone = await client.GetAsync($"/workbench/sessions/{begun["id"]}");
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
            await BeginAsync(client, new { job, count = 1 });
        });
    }

    [Fact]
    public async Task Sessions_are_bounded_in_number_and_by_the_memory_for_features_and_one_that_ends_gives_its_own_back()
    {
        await WithWorkbenchAsync(["--Workbench:FeatureMegabytes=1", "--Workbench:MostSessions=2"], async (client, process) =>
        {
            // Of the demo's model a picture has a third of a megabyte, or a little more.
            var job = await workbench.Jobs.SharedJobAsync();
            var first = await SettledAsync(client, process, new { job, count = 8 });
            Assert.InRange((int)first["ready"]!, 1, 7);
            Assert.Equal(8, (int)first["ready"]! + (int)first["failed"]!);
            var failed = first["pictures"]!.AsArray().First(picture => (string?)picture!["state"] == "failed")!;
            Assert.Contains("the workbench holds 1 MB", (string)failed["error"]!, StringComparison.Ordinal);
            var second = await SettledAsync(client, process, new { job, count = 8, order = "chance" });
            Assert.Equal(0, (int)second["ready"]!);
            using var third = await client.PostAsJsonAsync("/workbench/sessions", new { job, count = 1 });
            Assert.Contains("no more: end one", await JobFixture.ProblemAsync(third, HttpStatusCode.TooManyRequests), StringComparison.Ordinal);
            using var ended = await client.DeleteAsync($"/workbench/sessions/{first["id"]}");
            Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
            Assert.Equal((int)first["ready"]!, (int)(await SettledAsync(client, process, new { job, count = 8 }))["ready"]!);
        });
    }

    [Theory]
    [InlineData("SCLIP_WORKBENCH__APIKEY", "--urls=http://*:1")]
    [InlineData("SCLIP_WORKBENCH__APIKEY", "--Workbench:ApiKey=short")]
    [InlineData("SCLIP_WORKBENCH__MOSTSESSIONS", "--Workbench:MostSessions=0")]
    [InlineData("SCLIP_WORKBENCH__THREADS", "--Workbench:Threads=0")]
    [InlineData("SCLIP_WORKBENCH__DEVICE", "--Workbench:Device=abacus")]
    [InlineData("SCLIP_WORKBENCH__IDLEMINUTES", "--Workbench:IdleMinuts=3")]
    public async Task A_setting_that_is_wrong_ends_the_workbench_with_one_line_that_names_it(string expected, string setting)
    {
        using var process = workbench.Start(new Uri("http://127.0.0.1:1"), setting);
        await process.UntilAsync(_ => Task.FromResult(process.HasExited), CancellationToken.None);
        await process.TerminateAsync();
        Assert.Equal(1, process.ExitCode);
        var line = Assert.Single(process.Output.Trim().Split('\n'));
        Assert.StartsWith("sclip-workbench: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    private async Task WithWorkbenchAsync(string[] settings, Func<HttpClient, ServerProcess, Task> use)
    {
        // Without a key, for callers on this machine.
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        using var process = workbench.Start(address, settings);
        await process.UntilReadyAsync(address);
        using var client = new HttpClient { BaseAddress = address };
        await use(client, process);
        await process.TerminateAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task<JsonObject> BeginAsync(HttpClient client, object sample)
    {
        using var answer = await client.PostAsJsonAsync("/workbench/sessions", sample);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await JobFixture.ReadAsync(answer);
    }

    private static async Task<JsonObject> SettledAsync(HttpClient client, ServerProcess process, object sample)
    {
        var session = await BeginAsync(client, sample);
        await process.UntilAsync(
            async token =>
            {
                session = JsonNode.Parse(await client.GetStringAsync($"/workbench/sessions/{session["id"]}", token))!.AsObject();
                return (int)session["ready"]! + (int)session["failed"]! == session["pictures"]!.AsArray().Count;
            },
            CancellationToken.None);
        return session;
    }
}
