using Sclip.Contracts.Jobs;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Cli.Tests.Jobs;

/// <summary>The job commands where the store is a folder, or store and broker are missing, silent or wrongly configured.</summary>
[Collection(JobCli.Collection)]
public sealed class ConfigurationTests : IDisposable
{
    private const string Secret = "dG9wc2VjcmV0LXRvcHNlY3JldC10b3BzZWNyZXQ=";
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        JobCli.Use();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_setting_that_is_missing_is_named()
    {
        JobCli.Use();
        foreach (var command in new[] { ["jobs"], ["status", "a"], ["watch", "a"], ["cancel", "a"], ["results", "a", "--out", _folder["out"]], JobCli.Submit("photos") })
            Assert.Contains("SCLIP_STORE__CONNECTION", await JobCli.RefusedAsync(command), StringComparison.Ordinal);
        // What there is without a store is told where a job is asked for.
        Assert.Contains("ask a dispatcher, which --dispatcher names", await JobCli.RefusedAsync("review", "a"), StringComparison.Ordinal);
        JobCli.Use(("STORE__FOLDER", _folder.Path));
        foreach (var command in new[] { ["retry", "a"], JobCli.Submit("photos") })
            Assert.Contains("SCLIP_BROKER__URI", await JobCli.RefusedAsync(command), StringComparison.Ordinal);
        JobCli.Use(("STORE__FOLDER", _folder.Path), ("STORE__CONNECTION", "UseDevelopmentStorage=true"));
        Assert.Contains("exactly one", await JobCli.RefusedAsync("jobs"), StringComparison.Ordinal);
        JobCli.Use(("STORE__CONNECTION", "UseDevelopmentStorage=true"), ("STORE__DURABLE", "false"));
        Assert.Contains("SCLIP_STORE__DURABLE) is for Store:Folder", await JobCli.RefusedAsync("jobs"), StringComparison.Ordinal);
        JobCli.Use(("STORE__FOLDER", _folder.Path), ("STORE__DURABLE", "perhaps"));
        Assert.Contains("SCLIP_STORE__DURABLE) must be true or false", await JobCli.RefusedAsync("jobs"), StringComparison.Ordinal);
        JobCli.Use(("STORE__FOLDER", _folder.Path), ("STORE__DURABLE", "false"));
        await JobCli.DoneAsync("jobs");
    }

    [Fact]
    public async Task Jobs_in_a_folder_are_listed_told_and_cancelled_without_a_broker()
    {
        JobCli.Use(("STORE__FOLDER", _folder.Path));
        Assert.Equal("There are no jobs.", await JobCli.DoneAsync("jobs"));
        _folder.Write("sclip/jobs/one/job.json", """
            {"version":1,"id":"one","created":"2025-01-02T03:04:05Z","input":{"container":"photos"},"labels":[{"name":"cat"}],"model":"demo/model","settings":{},"shard_size":64}
            """);
        _folder.Write("sclip/jobs/two/job.json", "{");
        _folder.Write("sclip/jobs/three/input.txt", "a.png");
        var listed = await JobCli.DoneAsync("jobs");
        Assert.Matches("one.*planning", listed);
        Assert.Equal("No job matches.", await JobCli.DoneAsync("jobs", "--search", "harbour"));
        Assert.Matches("two.*failed", listed);
        Assert.DoesNotContain("three", listed, StringComparison.Ordinal);
        Assert.Contains("planning", await JobCli.DoneAsync("status", "one"), StringComparison.Ordinal);
        Assert.Contains("jobs/two/job.json", await JobCli.RefusedAsync("status", "two"), StringComparison.Ordinal);
        Assert.StartsWith("Cancelled one", await JobCli.DoneAsync("cancel", "one"), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["sclip/" + JobNames.Cancelled("one")]));
        var (code, watched, _) = await SclipCli.Run(["watch", "one"]);
        Assert.Equal(1, code);
        Assert.Contains("cancelled", watched, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("absent", "no job absent")]
    [InlineData("..", "no job id")]
    [InlineData("../../etc", "no job id")]
    [InlineData("%2e%2e", "no job id")]
    [InlineData("a\u0007b", "no job id")]
    public async Task An_id_that_is_no_jobs_is_refused_by_every_command(string id, string expected)
    {
        JobCli.Use(("STORE__FOLDER", _folder.Path));
        Directory.CreateDirectory(_folder["sclip"]);
        foreach (var command in new string[][] { ["status", id], ["watch", id], ["cancel", id], ["results", id, "--out", _folder["out"]] })
        {
            var error = await JobCli.RefusedAsync(command);
            Assert.Contains(expected, error, StringComparison.Ordinal);
            Assert.DoesNotContain('\u0007', error);
        }
    }

    [Fact]
    public async Task Results_stay_in_their_folder_whatever_a_result_names()
    {
        JobCli.Use(("STORE__FOLDER", _folder.Path));
        _folder.Write("sclip/jobs/one/job.json", """
            {"version":1,"id":"one","created":"2025-01-02T03:04:05Z","input":{"container":"photos"},"labels":[{"name":"cat"}],"model":"demo/model","settings":{},"shard_size":64}
            """);
        _folder.Write("sclip/jobs/one/results/00000.jsonl", """
            {"image":"a.png","status":"ok","mask":"../../secret.png"}
            {"image":"b.png","status":"ok","mask":"masks/b.png.png"}
            """);
        _folder.Write("sclip/secret.png", "secret");
        _folder.Write("sclip/jobs/one/masks/b.png.png", File.ReadAllBytes(Path.Combine(SclipCli.Demo, "ground-truth", "scene-1.png")));
        Assert.Contains("1 file brought", (await SclipCli.Run(["results", "one", "--out", _folder["far/below/out"]])).Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["far"], "secret.png", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_store_that_is_down_is_named_without_its_key()
    {
        var port = FreePort.Next();
        JobCli.Use(("STORE__CONNECTION", AzuriteServer.ConnectionStringFor(port, Secret)));
        var error = await JobCli.RefusedAsync("jobs").WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Contains($"127.0.0.1:{port}", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_cannot_be_read_are_named_and_not_shown()
    {
        JobCli.Use(("STORE__CONNECTION", $"AccountName;AccountKey={Secret};="));
        var store = await JobCli.RefusedAsync("jobs");
        Assert.Contains("SCLIP_STORE__CONNECTION", store, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, store, StringComparison.Ordinal);
        foreach (var uri in new[] { $"http://guest:{Secret}@localhost/", $"guest:{Secret}@localhost", $"amqp://guest:{Secret}@:x/" })
        {
            JobCli.Use(("STORE__FOLDER", _folder.Path), ("BROKER__URI", uri));
            var broker = await JobCli.RefusedAsync("retry", "a");
            Assert.Contains("Broker", broker, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, broker, StringComparison.Ordinal);
        }
    }
}
