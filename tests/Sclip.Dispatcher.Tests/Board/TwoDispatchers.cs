using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts;
using Sclip.Contracts.Board;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>Two dispatchers side by side, without a worker, over three pictures.</summary>
public sealed class TwoDispatchers : IAsyncLifetime
{
    /// <summary>Shards of a job: one a picture.</summary>
    public const int Shards = 3;

    private readonly AzuriteServer _azurite = new();
    private readonly WebApplication[] _dispatchers = new WebApplication[2];

    public RabbitMqServer Broker { get; } = new();

    public HttpClient[] Clients { get; } = new HttpClient[2];

    public JobBlobs Jobs => Services(0).GetRequiredService<JobBlobs>();

    public IServiceProvider Services(int dispatcher) => _dispatchers[dispatcher].Services;

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(Broker.StartAsync(), _azurite.StartAsync());
        for (var i = 0; i < 2; i++)
        {
            _dispatchers[i] = DispatcherHost.Build(Arguments("--Dispatcher:PricePerWorkerHour=0.25"));
            await _dispatchers[i].StartAsync();
            Clients[i] = new HttpClient { BaseAddress = new(_dispatchers[i].Urls.First()) };
            await JobFixture.UntilReadyAsync(Clients[i]);
        }
        var account = _dispatchers[0].Services.GetRequiredService<IBlobAccount>();
        await account.CreateContainerAsync("photos", default);
        foreach (var i in Enumerable.Range(1, Shards))
            await account.Container("photos").WriteAsync($"{i}.png", JobServers.Picture(i), WriteCondition.None, default);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in Clients)
            client.Dispose();
        foreach (var dispatcher in _dispatchers)
        {
            await dispatcher.StopAsync();
            await dispatcher.DisposeAsync();
        }
        await Broker.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    /// <summary>The arguments of another program on these servers.</summary>
    public string[] Arguments(params string[] more) => ["--urls=http://127.0.0.1:0", $"--Broker:Uri={Broker.Uri}", $"--Store:Connection={_azurite.ConnectionString}", .. more];

    /// <summary>Submits a job to the first, and waits until it is planned.</summary>
    public async Task<string> SubmitAsync(int priority)
    {
        var request = JobFixture.Request("photos");
        (request["shard_size"], request["priority"], request["new"]) = (1, priority, true);
        var id = (await PostAsync(0, "/jobs", request))["id"]!.GetValue<string>();
        using var limit = new CancellationTokenSource(JobFixture.Patience);
        while (await Jobs.ReadPlanAsync(id, limit.Token) is null)
            await Task.Delay(50, limit.Token);
        return id;
    }

    public async Task<JsonNode> PostAsync(int dispatcher, string path, JsonObject? body)
    {
        using var answer = await Clients[dispatcher].PostAsync(path, body is null ? null : JsonContent.Create(body));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Waits until both list a job as it is expected.</summary>
    public async Task AgreeAsync(string id, string what, Func<JobPage, bool> isReached, string query = "")
    {
        foreach (var client in Clients)
            await Look.UntilAsync(what, async token => JsonSerializer.Deserialize(await client.GetStringAsync($"/fleet/jobs?search={id}{query}", token), Json.Default.JobPage)!, isReached);
    }
}
