using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>Two dispatchers side by side, without a worker: what one is told is what both tell.</summary>
public sealed class TwoDispatchersTests : IAsyncLifetime
{
    private const int Shards = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly RabbitMqServer _broker = new();
    private readonly AzuriteServer _azurite = new();
    private readonly WebApplication[] _dispatchers = new WebApplication[2];
    private readonly HttpClient[] _clients = new HttpClient[2];

    private JobBlobs Jobs => _dispatchers[0].Services.GetRequiredService<JobBlobs>();

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(_broker.StartAsync(), _azurite.StartAsync());
        for (var i = 0; i < 2; i++)
        {
            _dispatchers[i] = DispatcherHost.Build(Arguments("--Dispatcher:PricePerWorkerHour=0.25"));
            await _dispatchers[i].StartAsync();
            _clients[i] = new HttpClient { BaseAddress = new(_dispatchers[i].Urls.First()) };
            await JobFixture.UntilReadyAsync(_clients[i]);
        }
        var account = _dispatchers[0].Services.GetRequiredService<IBlobAccount>();
        await account.CreateContainerAsync("photos", default);
        foreach (var i in Enumerable.Range(1, Shards))
            await account.Container("photos").WriteAsync($"{i}.png", JobServers.Picture(i), WriteCondition.None, default);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        foreach (var dispatcher in _dispatchers)
        {
            await dispatcher.StopAsync();
            await dispatcher.DisposeAsync();
        }
        await _broker.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    [Fact]
    public async Task Both_tell_the_same_of_jobs_that_come_end_go_on_and_change_their_priority()
    {
        var id = await SubmitAsync(priority: 0);
        await AgreeAsync("the job waits", page => page.Jobs is [{ Status: { State: JobState.Waiting, Images: Shards }, Priority: 0 }]);
        await PostAsync(1, $"/jobs/{id}/priority", new JsonObject { ["priority"] = 8 });
        await AgreeAsync("it passes others", page => page.Jobs is [{ Priority: 8 }], "?priority=urgent");
        await PostAsync(0, $"/jobs/{id}/cancel", null);
        await AgreeAsync("it is cancelled", page => page.Jobs is [{ Status.State: JobState.Cancelled }], "?state=cancelled");
        await PostAsync(1, $"/jobs/{id}/retry", null);
        await AgreeAsync("it goes on", page => page.Jobs is [{ Status.State: JobState.Waiting, Priority: 8 }], "?state=waiting");
        // What no dispatcher is told: results that were written, and the document of another job.
        var job = (await Jobs.ReadJobAsync(id, default))!;
        for (var shard = 0; shard < Shards; shard++)
            await Jobs.CommitResultAsync(id, shard, [new ImageResult { Image = $"{shard + 1}.png", Status = ImageStatus.Ok, Timings = new(0, 0, 7_200_000, 0, 0) }], default);
        await new JobCompletion(Jobs).TryCompleteAsync(job, default);
        await AgreeAsync("it is complete", page => page.Jobs is [{ Status: { State: JobState.Completed, WorkerSeconds: 21_600 } }]);
        var sums = await Task.WhenAll(_clients.Select(async client => JsonSerializer.Deserialize(await client.GetStringAsync("/fleet"), Json.Default.FleetSummary)!));
        Assert.All(sums, sum => Assert.Equal((3, 21_600.0, 1.50m, true), (sum.ImagesDone, sum.WorkerSeconds, sum.Cost, sum.Complete)));
    }

    [Fact]
    public async Task Another_priority_has_the_shards_wait_in_the_other_queue_also_where_it_is_asked_for_by_several()
    {
        var id = await SubmitAsync(priority: 0);
        await UntilQueuesAsync(("segment-shard", Shards), ("segment-shard-urgent", 0));
        await Jobs.CommitResultAsync(id, 1, [new ImageResult { Image = "2.png", Status = ImageStatus.Ok }], default);
        var status = await PostAsync(0, $"/jobs/{id}/priority", new JsonObject { ["priority"] = 5 });
        Assert.Equal(id, status["id"]!.GetValue<string>());
        // Those without results alone; the messages that are doubled find the shards done.
        await UntilQueuesAsync(("segment-shard", Shards), ("segment-shard-urgent", Shards - 1));
        await PostAsync(1, $"/jobs/{id}/priority", new JsonObject { ["priority"] = 9 });
        await PostAsync(1, "/fleet/jobs/priority", new JsonObject { ["ids"] = new JsonArray(id), ["priority"] = 1 });
        await UntilQueuesAsync(("segment-shard", 2 * Shards - 1), ("segment-shard-urgent", Shards - 1));
        Assert.Equal(1, (await Jobs.ReadJobAsync(id, default))!.Priority);
        Assert.Equal(0, (await ReadDocumentAsync(id))["priority"]!.GetValue<int>());

        // A worker passes on what came by the urgent queue; without the model, all wait in the queue of the others. It is traced, so that what it reports begins no traces here.
        var nowhere = "http://127.0.0.1:1";
        using var worker = ServerProcess.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Sclip.Worker.dll"), .. Arguments()], new Dictionary<string, string> { ["HF_ENDPOINT"] = nowhere, ["OTEL_EXPORTER_OTLP_ENDPOINT"] = nowhere });
        await UntilQueuesAsync(("segment-shard", 0), ("segment-shard-urgent", 0), ("segment-shard-urgent_later_60s", 0));
        await worker.TerminateAsync();
        Assert.DoesNotContain(await _broker.QueuesAsync(), queue => queue.Name.StartsWith("segment-shard-urgent_", StringComparison.Ordinal) && queue.Ready + queue.Unacknowledged > 0);
    }

    [Fact]
    public async Task A_priority_that_cannot_be_is_refused()
    {
        var id = await SubmitAsync(priority: 0);
        using var outside = await _clients[0].PostAsJsonAsync($"/jobs/{id}/priority", new JsonObject { ["priority"] = 10 });
        Assert.Equal("The priority must lie in 0..9; it is 10.", await JobFixture.ProblemAsync(outside, HttpStatusCode.BadRequest));
        await PostAsync(0, $"/jobs/{id}/cancel", null);
        using var ended = await _clients[1].PostAsJsonAsync($"/jobs/{id}/priority", new JsonObject { ["priority"] = 5 });
        Assert.Equal($"Job {id} has ended (cancelled). Retry it first, then change its priority.", await JobFixture.ProblemAsync(ended, HttpStatusCode.Conflict));
        using var unknown = await _clients[0].PostAsJsonAsync("/jobs/nobody/priority", new JsonObject { ["priority"] = 5 });
        await JobFixture.ProblemAsync(unknown, HttpStatusCode.NotFound);
    }

    private string[] Arguments(params string[] more) => ["--urls=http://127.0.0.1:0", $"--Broker:Uri={_broker.Uri}", $"--Store:Connection={_azurite.ConnectionString}", .. more];

    private async Task<string> SubmitAsync(int priority)
    {
        var request = JobFixture.Request("photos");
        (request["shard_size"], request["priority"]) = (1, priority);
        var id = (await PostAsync(0, "/jobs", request))["id"]!.GetValue<string>();
        using var limit = new CancellationTokenSource(Patience);
        while (await Jobs.ReadPlanAsync(id, limit.Token) is null)
            await Task.Delay(50, limit.Token);
        return id;
    }

    private async Task<JsonNode> PostAsync(int dispatcher, string path, JsonObject? body)
    {
        using var answer = await _clients[dispatcher].PostAsync(path, body is null ? null : JsonContent.Create(body));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<JsonNode> ReadDocumentAsync(string id) => JsonNode.Parse((await Jobs.Store.ReadAsync(JobNames.Job(id), 1 << 20, default)).Bytes)!;

    private async Task AgreeAsync(string what, Func<JobPage, bool> isReached, string query = "")
    {
        foreach (var client in _clients)
            await UntilAsync(what, async token => JsonSerializer.Deserialize(await client.GetStringAsync($"/fleet/jobs{query}", token), Json.Default.JobPage)!, isReached);
    }

    private Task UntilQueuesAsync(params (string Name, int Shards)[] wanted) => UntilAsync(
        string.Join(", ", wanted), _broker.QueuesAsync, queues => wanted.All(want => (queues.FirstOrDefault(queue => queue.Name == want.Name) is { } found ? found.Ready + found.Unacknowledged : 0) == want.Shards));

    private static async Task UntilAsync<T>(string what, Func<CancellationToken, Task<T>> look, Func<T, bool> isReached)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var seen = await look(CancellationToken.None);
            if (isReached(seen))
                return;
            Assert.False(limit.IsCancellationRequested, $"It did not come to this: {what}; but to {JsonSerializer.Serialize(seen)}");
            await Task.Delay(200, CancellationToken.None);
        }
    }
}
