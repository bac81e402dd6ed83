using Sclip.Cli.Tests.Scripting;
using Sclip.Testing.Servers;

namespace Sclip.Cli.Tests.Jobs;

/// <summary>The JSON of the commands about jobs, each line as its schema has it; and which jobs are listed.</summary>
[Collection(JobCli.Collection)]
public sealed class JobJsonTests(JobCli jobs) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await jobs.UseServersAsync();

    public ValueTask DisposeAsync()
    {
        JobCli.Use();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_job_is_told_in_JSON_from_its_pictures_to_its_results()
    {
        using var cli = new SclipCli();
        cli.Picture("in/one.png", 1);
        cli.Folder.Write("in/torn.png", "no picture");
        var container = $"c{Guid.NewGuid():n}";
        var uploaded = SchemaCheck.Line("upload", await JobCli.DoneAsync("upload", cli.Folder["in"], "--to", container, "--json"));
        Assert.Equal((2, 0), ((int)uploaded["uploaded"]!, (int)uploaded["present"]!));

        string[] submit = JobCli.Submit(container, "--name", "the tour", "--json");
        var (code, output, error) = await SclipCli.Run(submit);
        Assert.True(code == 0, error);
        var submitted = SchemaCheck.Line("submit", output);
        var id = (string)submitted["job"]!;
        Assert.StartsWith(id, error, StringComparison.Ordinal);
        Assert.Equal((true, 2), ((bool)submitted["is_new"]!, (int)submitted["images"]!));
        Assert.False((bool)SchemaCheck.Line("submit", await JobCli.DoneAsync(submit))["is_new"]!);

        (code, output, error) = await SclipCli.Run(["watch", id, "--json"]);
        Assert.True(code == 2, error);
        var events = output.TrimEnd().Split('\n').Select(line => SchemaCheck.Line("watch", line)).ToArray();
        Assert.Equal("ended", (string?)events[^1]["event"]);
        Assert.All(events[..^1], item => Assert.Equal("progress", (string?)item["event"]));
        Assert.Equal("completed", (string?)events[^1]["status"]!["state"]);

        var status = SchemaCheck.Line("status", await JobCli.DoneAsync("status", id, "--json"));
        Assert.Equal(("the tour", 1, 1), ((string?)status["name"], (int)status["labelled"]!, (int)status["failed"]!));

        (code, output, error) = await SclipCli.Run(["results", id, "--out", cli.Output, "--json"]);
        Assert.True(code == 2, error);
        var brought = SchemaCheck.Line("results", output);
        Assert.Equal((2, 1, 1, 0), ((int)brought["images"]!, (int)brought["not_labelled"]!, (int)brought["brought"]!, (int)brought["failed"]!));
    }

    [Fact]
    public async Task Jobs_are_listed_by_state_and_by_what_stands_in_them_the_newest_first()
    {
        var container = await jobs.ContainerAsync(("one.png", JobServers.Picture(1)));
        var mark = $"mark{Guid.NewGuid():n}";
        var ids = new List<string>();
        foreach (var name in (string[])["first", "second", "third"])
            ids.Add(await JobCli.DoneAsync(JobCli.Submit(container, "--name", $"{mark} {name}", "--new")));
        foreach (var id in ids)
            await JobCli.DoneAsync("watch", id);

        Assert.Equal([ids[2], ids[1], ids[0]], await FoundAsync("--search", mark));
        Assert.Equal([ids[1]], await FoundAsync("--search", $"{mark} SECOND"));
        Assert.Equal([ids[2], ids[1], ids[0]], await FoundAsync("--search", mark, "--state", "completed,failed"));
        Assert.Empty(await FoundAsync("--search", mark, "--state", "running"));
        // By the container, a class and the model.
        Assert.Equal(3, (await FoundAsync("--search", container)).Length);
        Assert.Contains(ids[0], await FoundAsync("--search", "a house"));
        Assert.Contains(ids[0], await FoundAsync("--search", JobServers.Model));

        var (code, output, error) = await SclipCli.Run(["jobs", "--search", mark, "--limit", "2"]);
        Assert.True(code == 0, error);
        Assert.Equal($"There is 1 more; --limit lists it.{Environment.NewLine}", error);
        (code, output, error) = await SclipCli.Run(["jobs", "--search", mark, "--limit", "1"]);
        Assert.True(code == 0, error);
        Assert.Contains(ids[2], output, StringComparison.Ordinal);
        Assert.DoesNotContain(ids[1], output, StringComparison.Ordinal);
        Assert.Equal($"There are 2 more; --limit lists them.{Environment.NewLine}", error);
        var listing = SchemaCheck.Line("jobs", await JobCli.DoneAsync("jobs", "--search", mark, "--limit", "2", "--json"));
        Assert.Equal((2, 3, true), (listing["jobs"]!.AsArray().Count, (int)listing["total"]!, (bool)listing["has_more"]!));
        listing = SchemaCheck.Line("jobs", await JobCli.DoneAsync("jobs", "--search", mark, "--state", "completed", "--limit", "2", "--json"));
        Assert.Equal((2, true), (listing["jobs"]!.AsArray().Count, (bool)listing["has_more"]!));
    }

    [Fact]
    public async Task A_dispatcher_tells_of_the_same_jobs_as_the_store()
    {
        var container = await jobs.ContainerAsync(("one.png", JobServers.Picture(1)));
        var mark = $"mark{Guid.NewGuid():n}";
        for (var i = 0; i < 3; i++)
            await JobCli.DoneAsync("watch", await JobCli.DoneAsync(JobCli.Submit(container, "--name", mark, "--new")));
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        using var dispatcher = ServerProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "sclip.dll"), "dispatcher", $"--urls={address}", "--Dispatcher:ApiKey=the-key-of-this-test"]);
        await dispatcher.UntilReadyAsync(new Uri(address));

        Assert.Contains("SCLIP_DISPATCHER__APIKEY is not set", await JobCli.RefusedAsync("jobs", "--dispatcher", address), StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("SCLIP_DISPATCHER__APIKEY", "the-key-of-this-test");
        try
        {
            await dispatcher.UntilAsync(async _ => (await FoundAsync("--dispatcher", address, "--search", mark)).Length == 3, CancellationToken.None);
            foreach (var filter in (string[][])[["--search", mark.ToUpperInvariant()], ["--search", container], ["--search", mark, "--state", "completed,failed"], ["--search", mark, "--state", "running"], ["--search", mark, "--limit", "2"]])
                Assert.Equal(await FoundAsync(filter), await FoundAsync(["--dispatcher", address, .. filter]));
            var listing = SchemaCheck.Line("jobs", await JobCli.DoneAsync("jobs", "--dispatcher", address, "--search", mark, "--limit", "2", "--json"));
            Assert.Equal((2, 3, true), (listing["jobs"]!.AsArray().Count, (int)listing["total"]!, (bool)listing["has_more"]!));
            string[] status = ["status", (string)listing["jobs"]![0]!["id"]!];
            Assert.Equal(await JobCli.DoneAsync(status), await JobCli.DoneAsync([.. status, "--dispatcher", address]));
            Assert.Contains($"{address}/ refuses: There is no job none", await JobCli.RefusedAsync("status", "none", "--dispatcher", address), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SCLIP_DISPATCHER__APIKEY", null);
        }
        await dispatcher.TerminateAsync();
        Assert.Matches(@"does not answer: .*[^.]\. Check that it runs, .* Without --dispatcher", await JobCli.RefusedAsync("jobs", "--dispatcher", address));
        Assert.Contains("must be an address", await JobCli.RefusedAsync("jobs", "--dispatcher", "localhost"), StringComparison.Ordinal);
    }

    private static async Task<string[]> FoundAsync(params string[] filter) =>
        [.. SchemaCheck.Line("jobs", await JobCli.DoneAsync(["jobs", "--json", .. filter]))["jobs"]!.AsArray().Select(job => (string)job!["id"]!)];
}
