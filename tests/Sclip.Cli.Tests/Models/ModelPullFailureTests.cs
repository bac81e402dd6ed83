using System.Text.Json.Nodes;
using Sclip.Testing;
using static Sclip.Cli.Tests.Models.ModelPullTests;

namespace Sclip.Cli.Tests.Models;

/// <summary>What a hub or the way to it can do wrong.</summary>
public sealed class ModelPullFailureTests
{
    private const string Weights = FakeModel.Weights;

    [Fact]
    public async Task A_broken_download_goes_on_where_it_broke()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        hub.NextBreaksAfter(Weights, 2_000_000).NextBreaksAfter(Weights, 1_000_000);
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        AssertPulled(hub, cli);
        var requests = hub.RequestsOf(Weights).ToArray();
        Assert.Equal(3, requests.Length);
        Assert.Null(requests[0].Range);
        Assert.All(requests[1..], request => Assert.Equal(HubExchange.TagOf(hub.Files[Weights]), request.IfRange));
        Assert.Equal(["bytes=2000000-", "bytes=3000000-"], requests[1..].Select(request => request.Range));
        Assert.Equal(2, cli.Waits.Count);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_starts_anew()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        hub.NextBreaksAfter(Weights, 2_000_000).Next(Weights, exchange => exchange.SendContent(exchange.Content, honourRange: false));
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        AssertPulled(hub, cli);
        Assert.NotNull(hub.RequestsOf(Weights).Last().Range);
    }

    [Theory]
    [InlineData(416, null)]
    [InlineData(206, "bytes 5-9/10")]
    public async Task An_answer_with_another_range_starts_anew(int status, string? range)
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        hub.NextBreaksAfter(Weights, 2_000_000).Next(Weights, status, ("Content-Range", range ?? "bytes */10"));
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        AssertPulled(hub, cli);
        Assert.Null(hub.RequestsOf(Weights).Last().Range);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancelled_pull_is_gone_on_with(bool byInvocation)
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        using var invocation = new CancellationTokenSource();
        hub.NextBreaksAfter(Weights, 2_000_000);
        cli.OnWait = byInvocation ? invocation.Cancel : cli.Stop.Cancel;
        var (exitCode, _, error) = await cli.Run(["pull", FakeHub.Id], invocation.Token);
        Assert.Equal(130, exitCode);
        Assert.Contains("go on with: sclip model pull org/tiny-clip", error);
        Assert.Equal(2_000_000, new FileInfo(cli.PartOf(Weights)).Length);
        Assert.False(Directory.Exists(cli.ModelDirectory));

        var before = hub.Requests.Count;
        cli.OnWait = () => { };
        cli.Stop = new CancellationTokenSource();
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        AssertPulled(hub, cli);
        Assert.Equal("bytes=2000000-", hub.RequestsOf(Weights).Last().Range);
        Assert.Equal(2, hub.Requests.Count - before); // the description and the rest of the weights
    }

    [Fact]
    public async Task A_connection_that_breaks_every_time_is_given_up()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        for (var i = 0; i < 20; i++)
            hub.NextBreaksAfter(Weights, 0);
        await AssertFails(cli, "gave up after 6 attempts");
        Assert.Equal([1, 2, 4, 8, 16], cli.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named()
    {
        using var cli = new ModelCli("http://127.0.0.1:1");
        await AssertFails(cli, "127.0.0.1 cannot be reached");
    }

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(429, "86400", 60)]
    [InlineData(429, null, 1)]
    [InlineData(503, "3", 3)]
    [InlineData(500, null, 1)]
    public async Task An_overloaded_server_is_waited_for_as_it_asks(int status, string? retryAfter, int seconds)
    {
        (string, string)[] headers = retryAfter is null ? [] : [("Retry-After", retryAfter)];
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        hub.Next("", status, headers).Next(Weights, status, headers);
        var (exitCode, output, _) = await cli.Pull();
        Assert.Equal(0, exitCode);
        Assert.Equal([seconds, seconds], cli.Waits.Select(wait => wait.TotalSeconds));
        Assert.Contains($"({status}); trying again in {seconds} s", output);
    }

    [Theory]
    [InlineData(401, null, "set HF_TOKEN to an access token")]
    [InlineData(401, "hf_abc", "does not accept HF_TOKEN")]
    [InlineData(403, "hf_abc", "accept its licence at http://127.0.0.1")]
    [InlineData(404, null, "has no model 'org/tiny-clip'")]
    [InlineData(418, null, "answers 418")]
    public async Task A_refusal_says_what_to_do(int status, string? token, string expected)
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        if (token is not null)
            cli.Environment["HF_TOKEN"] = token;
        hub.Next("", status);
        await AssertFails(cli, expected);
        Assert.Equal(token is null ? null : $"Bearer {token}", Assert.Single(hub.Requests).Authorization);
        Assert.Empty(cli.Waits);
    }

    [Fact]
    public async Task A_token_with_a_line_end_is_refused()
    {
        using var cli = new ModelCli("http://127.0.0.1:1");
        cli.Environment["HF_TOKEN"] = "hf_abc\nX-Evil: 1";
        await AssertFails(cli, "HF_TOKEN holds white space");
    }

    [Theory]
    [InlineData(Weights)]
    [InlineData("vocab.json")]
    public async Task A_lying_checksum_is_tried_again_once_and_then_refused(string file)
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        for (var i = 0; i < 2; i++)
            hub.Next(file, SendCorrupt);
        await AssertFails(cli, $"{file} of 'org/tiny-clip' has another checksum");
        Assert.Equal(2, hub.RequestsOf(file).Count());
        Assert.False(File.Exists(cli.PartOf(file)));
    }

    [Theory]
    [InlineData(Weights)]
    [InlineData("vocab.json")]
    public async Task A_file_corrupted_once_is_fetched_anew(string file)
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        hub.Next(file, SendCorrupt);
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        AssertPulled(hub, cli);
        Assert.Null(hub.RequestsOf(file).Last().Range);
    }

    [Fact]
    public async Task A_body_shorter_than_the_file_is_completed()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        hub.Next(Weights, exchange => exchange.Send(200, [("ETag", HubExchange.TagOf(exchange.Content))], exchange.Content[..1000]));
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        AssertPulled(hub, cli);
        Assert.Equal("bytes=1000-", hub.RequestsOf(Weights).Last().Range);
    }

    [Fact]
    public async Task A_body_longer_than_the_file_does_not_fill_the_disk()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        hub.Next(Weights, exchange => exchange.SendContent([.. exchange.Content, .. new byte[1 << 20]]));
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        AssertPulled(hub, cli);
    }

    [Fact]
    public async Task Where_the_description_has_no_checksum_the_header_s_counts()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        hub.DescribesFiles = false;
        for (var i = 0; i < 2; i++)
            hub.Next(Weights, exchange => exchange.SendContent(Corrupt(exchange), headers: ("X-Linked-ETag", $"\"{FakeHub.Sha256(exchange.Content)}\"")));
        await AssertFails(cli, "has another checksum");
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        AssertPulled(hub, cli);
    }

    [Fact]
    public async Task A_hub_that_gives_no_checksum_is_said_to()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        hub.DescribesFiles = false;
        var (code, output, _) = await cli.Pull();
        Assert.Equal(0, code);
        Assert.Contains("vocab.json: the hub gives no checksum, so its content could not be verified", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_another_host_does_not_carry_the_token()
    {
        await using var hub = FakeHub.Start();
        await using var elsewhere = FakeHub.Start(host: "localhost");
        using var cli = new ModelCli(hub.Endpoint);
        cli.Environment["HF_TOKEN"] = "hf_abc";
        hub.Next(Weights, 302, ("Location", $"{elsewhere.Endpoint}/cdn/{Weights}"));
        hub.Next("vocab.json", 307, ("Location", "/cdn/vocab.json"));
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        AssertPulled(hub, cli);
        Assert.Null(Assert.Single(elsewhere.Requests).Authorization);
        Assert.All(hub.Requests, request => Assert.Equal("Bearer hf_abc", request.Authorization));
        Assert.Contains(hub.Requests, request => request.Path == "/cdn/vocab.json");
    }

    [Theory]
    [InlineData("file:///etc/passwd", "which is not followed")]
    [InlineData("/cdn/loop", "redirects in circles")]
    public async Task A_redirect_that_leads_nowhere_is_refused(string location, string expected)
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        hub.Next(Weights, 302, ("Location", location));
        for (var i = 0; i < 20; i++)
            hub.Next("loop", 302, ("Location", "/cdn/loop"));
        await AssertFails(cli, expected);
    }

    [Theory]
    [InlineData("<html>", "is it a model hub?")]
    [InlineData("[]", "names no commit or no files")]
    [InlineData("""{"sha": "../../..", "siblings": []}""", "names no commit or no files")]
    [InlineData("""{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [7, {"rfilename": "\ud800"}]}""", "is it a model hub?")]
    public async Task A_description_that_makes_no_sense_is_refused(string description, string expected)
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        hub.Next("", exchange => exchange.SendContent(System.Text.Encoding.UTF8.GetBytes(description)));
        await AssertFails(cli, expected);
    }

    [Fact]
    public async Task A_new_commit_does_not_go_on_with_the_files_of_the_old_one()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        hub.Next("", exchange =>
        {
            var older = JsonNode.Parse(exchange.Content)!;
            older["sha"] = new string('a', 40);
            return exchange.SendContent(System.Text.Encoding.UTF8.GetBytes(older.ToJsonString()));
        });
        await AssertFails(cli, "(404)"); // the hub has the files of the newer commit alone
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        AssertPulled(hub, cli);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(cli.CacheRoot, "partial")));
    }

    private static Task SendCorrupt(HubExchange exchange) => exchange.SendContent(Corrupt(exchange));

    private static byte[] Corrupt(HubExchange exchange)
    {
        var corrupt = (byte[])exchange.Content.Clone();
        corrupt[^1] ^= 1;
        return corrupt;
    }
}
