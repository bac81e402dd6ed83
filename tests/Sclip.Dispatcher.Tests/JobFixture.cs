using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Tests;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing.Servers;

[assembly: AssemblyFixture(typeof(JobFixture))]

namespace Sclip.Dispatcher.Tests;

/// <summary>A dispatcher on a port of this machine, with a real broker, a real blob server and a real worker.</summary>
public sealed class JobFixture : IAsyncLifetime
{
    /// <summary>The container that holds jobs.</summary>
    public const string JobContainer = "sclip";

    /// <summary>How long a test waits for what must come: far longer than it takes, since one worker labels for all tests.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _turn = new(1);
    private WebApplication? _dispatcher;
    private string? _shared;

    public JobServers Servers { get; } = new();

    public HttpClient Client { get; private set; } = new();

    public IBlobAccount Account => _dispatcher!.Services.GetRequiredService<IBlobAccount>();

    public JobBlobs Jobs => _dispatcher!.Services.GetRequiredService<JobBlobs>();

    /// <summary>What the dispatcher hears and tells by.</summary>
    public IBus Bus => _dispatcher!.Services.GetRequiredService<IBus>();

    /// <summary>The routes that the dispatcher has.</summary>
    public IEnumerable<RouteEndpoint> Routes => _dispatcher!.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private string[] Settings => [.. Servers.Settings.Select(setting => $"--{setting.Key}={setting.Value}")];

    /// <summary>The arguments of another dispatcher on these servers, with jobs of its own: it would plan once more those that it finds unplanned when it starts.</summary>
    public string[] OtherArguments(params string[] more) => [.. Settings, "--Store:Container=others", .. more];

    public async ValueTask InitializeAsync()
    {
        await Servers.StartAsync(Path.Combine(AppContext.BaseDirectory, "Sclip.Worker.dll"));
        _dispatcher = DispatcherHost.Build([.. Settings, "--urls=http://127.0.0.1:0", $"--Store:Container={JobContainer}"]);
        await _dispatcher.StartAsync();
        Client = new HttpClient { BaseAddress = new(_dispatcher.Urls.First()), Timeout = Patience };
        await UntilReadyAsync(Client);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_dispatcher is not null)
        {
            await _dispatcher.StopAsync();
            await _dispatcher.DisposeAsync();
        }
        await Servers.DisposeAsync();
        _turn.Dispose();
    }

    /// <summary>Waits until a dispatcher that was started is ready: it connects to its broker in the background.</summary>
    public static async Task UntilReadyAsync(HttpClient client)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            using var answer = await client.GetAsync("/healthz/ready", limit.Token);
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>A fresh container with pictures of the demo, and whatever else a test wants in it.</summary>
    public async Task<string> ContainerAsync(int pictures, params (string Name, byte[] Content)[] others)
    {
        var name = $"c{Guid.NewGuid():n}";
        await Account.CreateContainerAsync(name, CancellationToken.None);
        var scenes = Enumerable.Range(1, pictures).Select(i => (Name: $"set/scene-{i}.png", Content: JobServers.Picture((i - 1) % 8 + 1)));
        foreach (var (blob, content) in scenes.Concat(others))
            await Account.Container(name).WriteAsync(blob, content, WriteCondition.None, CancellationToken.None);
        return name;
    }

    /// <summary>A request for a job over a container, as JSON that a test may change.</summary>
    public static JsonObject Request(string input) => new()
    {
        ["input"] = input,
        ["model"] = JobServers.Model,
        ["labels"] = new JsonArray(new JsonObject { ["name"] = "grass" }, new JsonObject { ["name"] = "sky" }, new JsonObject { ["name"] = "a house" }),
    };

    public Task<HttpResponseMessage> PostAsync(JsonObject request) => Client.PostAsJsonAsync("/jobs", request);

    /// <summary>Submits a job.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> SubmitAsync(JsonObject request)
    {
        using var answer = await PostAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await ReadAsync(answer))["id"]!.GetValue<string>();
    }

    /// <summary>Follows a job to its end by its events.</summary>
    public async Task<JsonObject> FollowAsync(string id)
    {
        using var limit = new CancellationTokenSource(Patience);
        var events = await Client.GetStringAsync($"/jobs/{id}/events", limit.Token);
        return Assert.IsType<JsonObject>(JsonNode.Parse(events.Split('\n').Last(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..]));
    }

    /// <summary>Submits a job and follows it to its end, which must be a good one.</summary>
    public async Task<string> CompleteAsync(JsonObject request)
    {
        var id = await SubmitAsync(request);
        Assert.Equal("completed", (await FollowAsync(id))["state"]!.GetValue<string>());
        return id;
    }

    /// <summary>A finished job that tests look at and do not change.</summary>
    public async Task<string> SharedJobAsync()
    {
        await _turn.WaitAsync();
        try
        {
            return _shared ??= await CompleteAsync(Request($"{await ContainerAsync(8)}/set/"));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A job whose results are written by the test, the last few shards as drafts of workers.</summary>
    public async Task<string> WrittenJobAsync(int shards, Func<int, ImageResult[]> results, int drafts)
    {
        var id = $"written-{Guid.NewGuid():n}";
        await Account.CreateContainerAsync(JobContainer, CancellationToken.None);
        await Jobs.CreateJobAsync(
            new JobDocument { Id = id, Created = DateTimeOffset.UtcNow, Input = new JobInput { Container = "nowhere" }, Labels = [new LabelClass { Name = "grass" }], Model = "a/b", Settings = new(), ShardSize = 5 }, CancellationToken.None);
        for (var shard = 0; shard < shards; shard++)
            if (shard < shards - drafts)
                await Jobs.CommitResultAsync(id, shard, results(shard), CancellationToken.None);
            else
                await Jobs.WriteDraftAsync(id, shard, new ShardDraft(), results(shard), etag: null, CancellationToken.None);
        return id;
    }

    public async Task<string[]> BlobsAsync(string id) =>
        await Jobs.Store.ListAsync(JobNames.Folder(id), after: null, CancellationToken.None).Select(blob => blob.Name[JobNames.Folder(id).Length..]).ToArrayAsync();

    public static async Task<JsonObject> ReadAsync(HttpResponseMessage answer) => Assert.IsType<JsonObject>(JsonNode.Parse(await answer.Content.ReadAsStringAsync()));

    /// <summary>Holds an answer to what every error must be: of the status, problem+json, with a detail that helps, and without a word on the code.</summary>
    /// <returns>The detail.</returns>
    public static async Task<string> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode}, not {(int)status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = Assert.IsType<JsonObject>(JsonNode.Parse(text));
        Assert.Equal((int)status, problem["status"]!.GetValue<int>());
        var detail = problem["detail"]?.GetValue<string>() ?? "";
        Assert.True(detail.Length > 15, $"No helpful detail: {text}");
        foreach (var word in new[] { "   at ", "Exception", "System.", "Sclip.Contracts", "Microsoft", "MassTransit" })
            Assert.DoesNotContain(word, text, StringComparison.Ordinal);
        return detail;
    }
}
