using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Workbench;

/// <summary>A workbench as a process of its own, and a dispatcher that forwards to it, on the servers of all.</summary>
public sealed class WorkbenchFixture(JobFixture jobs) : IAsyncLifetime
{
    private const string CallersKey = "the key of the callers";

    private readonly WorkbenchServers _workbenches = new(jobs.Servers.Azurite.ConnectionString);
    private ServerProcess? _process;
    private WebApplication? _dispatcher;
    private string? _kept;

    public JobFixture Jobs => jobs;

    /// <summary>Where the workbench itself listens, which nobody but the dispatcher should know.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    /// <summary>Speaks to the dispatcher, with its key.</summary>
    public HttpClient Client { get; private set; } = new();

    /// <summary>How a dispatcher finds the workbench.</summary>
    public string[] Forwarding => WorkbenchServers.Forwarding(Address);

    public async ValueTask InitializeAsync()
    {
        _process = Start(Address, $"--Workbench:ApiKey={WorkbenchServers.Key}");
        await _process.UntilReadyAsync(Address);
        _dispatcher = DispatcherHost.Build(jobs.OtherArguments(["--urls=http://127.0.0.1:0", $"--Dispatcher:ApiKey={CallersKey}", .. Forwarding]));
        await _dispatcher.StartAsync();
        Client = new HttpClient { BaseAddress = new(_dispatcher.Urls.First()), DefaultRequestHeaders = { { "X-Api-Key", CallersKey } } };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_dispatcher is not null)
        {
            await _dispatcher.StopAsync();
            await _dispatcher.DisposeAsync();
        }
        if (_process is not null)
            await _process.TerminateAsync();
        _process?.Dispose();
        _workbenches.Dispose();
    }

    /// <summary>Starts a workbench with settings of its own.</summary>
    internal ServerProcess Start(Uri address, params string[] settings) => _workbenches.Start(address, settings);

    /// <summary>A finished job of eight pictures that kept its features, and whose pictures are gone since.</summary>
    public async Task<string> KeptJobAsync()
    {
        if (_kept is not null)
            return _kept;
        var container = await jobs.ContainerAsync(8);
        var request = JobFixture.Request($"{container}/set/");
        request["settings"] = new JsonObject { ["keep_features"] = "fp16", ["logit_scale"] = 60, ["method"] = "maskclip" };
        request["shard_size"] = 3;
        request["name"] = "kept";
        var job = await jobs.CompleteAsync(request);
        for (var scene = 1; scene <= 8; scene++)
            await jobs.Account.Container(container).DeleteAsync($"set/scene-{scene}.png", CancellationToken.None);
        return _kept = job;
    }

    /// <summary>Begins a session.</summary>
    public async Task<JsonObject> BeginAsync(object sample)
    {
        using var answer = await Client.PostAsJsonAsync("/workbench/sessions", sample);
        var session = await JobFixture.ReadAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, session.ToJsonString());
        Assert.Equal($"sessions/{session["id"]}", answer.Headers.Location?.ToString());
        return session;
    }

    /// <summary>Follows a session by its events until no picture waits any more.</summary>
    public async Task<JsonObject> ReadyAsync(string id)
    {
        using var limit = new CancellationTokenSource(JobFixture.Patience);
        using var answer = await Client.GetAsync($"/workbench/sessions/{id}/events", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        while (await events.ReadLineAsync(limit.Token) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonNode.Parse(line["data: ".Length..])!.AsObject() is var session
                && session["pictures"]!.AsArray().All(picture => (string?)picture!["state"] != "waiting"))
                return session;
        throw new InvalidOperationException("The events ended while pictures waited.");
    }

    public async Task EndAsync(JsonObject session)
    {
        using var answer = await Client.DeleteAsync($"/workbench/sessions/{session["id"]}");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    public static string[] Names(JsonObject session) => [.. session["pictures"]!.AsArray().Select(picture => (string)picture!["name"]!)];
}
