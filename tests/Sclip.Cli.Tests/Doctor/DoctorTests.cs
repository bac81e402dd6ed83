using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Sclip.Cli.Tests.Jobs;
using Sclip.Cli.Tests.Scripting;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Cli.Tests.Doctor;

/// <summary><c>sclip doctor</c>; it reads the environment, which the tests of jobs share.</summary>
[Collection(JobCli.Collection)]
public sealed class DoctorTests(JobCli jobs) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public ValueTask InitializeAsync()
    {
        JobCli.Use();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        JobCli.Use();
        Environment.SetEnvironmentVariable("SCLIP_URLS", null);
        Environment.SetEnvironmentVariable("SCLIP_WORKER__MODELFOLDER", null);
        Environment.SetEnvironmentVariable("SCLIP_WORKER__THREADS", null);
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_not_configured_is_said_to_be_so_and_is_no_failure()
    {
        var checks = await ChecksAsync(code: 0);
        foreach (var name in (string[])["libturbojpeg", "libspng", "libwebp", "device", "cache", "settings"])
            Assert.Equal("ok", State(checks, name));
        foreach (var name in (string[])["model folder", "store", "broker"])
            Assert.Equal("not_configured", State(checks, name));
        var (code, text, _) = await SclipCli.Run(["doctor"]);
        Assert.Equal(0, code);
        Assert.Contains("ok: libspng", text, StringComparison.Ordinal);
        Assert.Contains("SCLIP_STORE__FOLDER", text, StringComparison.Ordinal);
        Assert.EndsWith($"All that is needed or configured works.{Environment.NewLine}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_and_broker_that_answer_are_in_order()
    {
        await jobs.UseServersAsync();
        var checks = await ChecksAsync(code: 0);
        Assert.Equal(("ok", "ok"), (State(checks, "store"), State(checks, "broker")));
        Assert.Contains("1 worker", Detail(checks, "broker"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_refuses_the_user_is_told_as_such_and_without_the_password()
    {
        await jobs.UseServersAsync();
        JobCli.Use(("STORE__CONNECTION", jobs.Servers.Azurite.ConnectionString), ("BROKER__URI", new UriBuilder(jobs.Servers.RabbitMq.Uri) { Password = "topsecret" }.Uri.ToString()));
        var found = Detail(await ChecksAsync(code: 1), "broker");
        var refused = await JobCli.RefusedAsync("retry", "any");
        foreach (var said in (string[])[found, refused])
        {
            Assert.Contains("Login was refused", said, StringComparison.Ordinal);
            Assert.DoesNotContain("topsecret", said, StringComparison.Ordinal);
        }
        Assert.Contains("its address, user and password in Broker:Uri (SCLIP_BROKER__URI).", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_configured_and_does_not_work_is_missing_with_what_to_do()
    {
        var port = FreePort.Next();
        JobCli.Use(("STORE__CONNECTION", "UseDevelopmentStorage=maybe"), ("BROKER__URI", $"amqp://guest:secret@127.0.0.1:{port}/"));
        Environment.SetEnvironmentVariable("SCLIP_WORKER__MODELFOLDER", _folder["none"]);
        Environment.SetEnvironmentVariable("SCLIP_WORKER__THREADS", "many");
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        Environment.SetEnvironmentVariable("SCLIP_URLS", $"http://127.0.0.1:{taken}");
        // Whoever connects is told to go away.
        _ = Task.Run(async () => (await other.AcceptTcpClientAsync()).Dispose());
        var checks = await ChecksAsync(code: 1);
        foreach (var name in (string[])["store", "broker", "model folder", "settings", string.Create(CultureInfo.InvariantCulture, $"port {taken}")])
        {
            Assert.Equal("missing", State(checks, name));
            Assert.NotNull(Check(checks, name)["advice"]);
        }
        Assert.Contains("Worker:Threads (SCLIP_WORKER__THREADS) must be a whole number", Detail(checks, "settings"), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", checks.ToJsonString(), StringComparison.Ordinal);
    }

    private static async Task<JsonArray> ChecksAsync(int code)
    {
        var (found, output, error) = await SclipCli.Run(["doctor", "--json"]);
        Assert.True(found == code, $"{found}: {output}{error}");
        var diagnosis = SchemaCheck.Line("doctor", output);
        Assert.Equal(code == 0, (bool)diagnosis["ok"]!);
        return diagnosis["checks"]!.AsArray();
    }

    private static JsonNode Check(JsonArray checks, string name) => checks.Single(check => (string?)check!["name"] == name)!;

    private static string? State(JsonArray checks, string name) => (string?)Check(checks, name)["state"];

    private static string Detail(JsonArray checks, string name) => (string)Check(checks, name)["detail"]!;
}
