using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>The queues that the shards of a job wait in, by its priority.</summary>
public sealed class PriorityQueueTests(TwoDispatchers two) : IClassFixture<TwoDispatchers>
{
    [Fact]
    public async Task Another_priority_has_the_shards_wait_in_the_other_queue_also_where_it_is_asked_for_by_several()
    {
        var id = await two.SubmitAsync(priority: 0);
        await UntilQueuesAsync(("segment-shard", TwoDispatchers.Shards), ("segment-shard-urgent", 0));
        await two.Jobs.CommitResultAsync(id, 1, [new ImageResult { Image = "2.png", Status = ImageStatus.Ok }], default);
        var status = await two.PostAsync(0, $"/jobs/{id}/priority", new JsonObject { ["priority"] = 5 });
        Assert.Equal(id, status["id"]!.GetValue<string>());
        // Those without results alone; the messages that are doubled find the shards done.
        await UntilQueuesAsync(("segment-shard", TwoDispatchers.Shards), ("segment-shard-urgent", TwoDispatchers.Shards - 1));
        await two.PostAsync(1, $"/jobs/{id}/priority", new JsonObject { ["priority"] = 9 });
        await two.PostAsync(1, "/fleet/jobs/priority", new JsonObject { ["ids"] = new JsonArray(id), ["priority"] = 1 });
        await UntilQueuesAsync(("segment-shard", 2 * TwoDispatchers.Shards - 1), ("segment-shard-urgent", TwoDispatchers.Shards - 1));
        Assert.Equal(1, (await two.Jobs.ReadJobAsync(id, default))!.Priority);
        Assert.Equal(0, (await ReadDocumentAsync(id))["priority"]!.GetValue<int>());

        // A worker passes on what came by the urgent queue; without the model, all wait in the queue of the others. It is traced, so that what it reports begins no traces here.
        var nowhere = "http://127.0.0.1:1";
        using var worker = ServerProcess.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Sclip.Worker.dll"), .. two.Arguments()], new Dictionary<string, string> { ["HF_ENDPOINT"] = nowhere, ["OTEL_EXPORTER_OTLP_ENDPOINT"] = nowhere });
        await UntilQueuesAsync(("segment-shard", 0), ("segment-shard-urgent", 0), ("segment-shard-urgent_later_60s", 0));
        await worker.TerminateAsync();
        Assert.DoesNotContain(await two.Broker.QueuesAsync(), queue => queue.Name.StartsWith("segment-shard-urgent_", StringComparison.Ordinal) && queue.Ready + queue.Unacknowledged > 0);
    }

    private async Task<JsonNode> ReadDocumentAsync(string id) => JsonNode.Parse((await two.Jobs.Store.ReadAsync(JobNames.Job(id), 1 << 20, default)).Bytes)!;

    private Task UntilQueuesAsync(params (string Name, int Shards)[] wanted) => Look.UntilAsync(
        string.Join(", ", wanted), two.Broker.QueuesAsync, queues => wanted.All(want => (queues.FirstOrDefault(queue => queue.Name == want.Name) is { } found ? found.Ready + found.Unacknowledged : 0) == want.Shards));
}
