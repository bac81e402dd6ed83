using System.Net;
using System.Text.Json.Nodes;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Messaging;
using Sclip.Testing.Servers;

namespace Sclip.Chaos.Tests;

/// <summary>Brokers that take a worker's consumers away.</summary>
public sealed class ConsumerTests(ImpatientCluster cluster) : IClassFixture<ImpatientCluster>
{
    private const int Urgent = 9;

    private readonly int _port = FreePort.Next();

    [Fact]
    public async Task A_worker_whose_channels_are_closed_over_long_shards_ends_them_and_has_consumers_again()
    {
        await StartWorkerAsync(delayMilliseconds: 1000);
        // Each is longer than the broker waits by itself, and they share the device.
        var jobs = new List<JobDocument>();
        foreach (var priority in new[] { 0, Urgent })
            jobs.Add(await cluster.SubmitAsync(images: Images(28), shardSize: 28, priority: priority));
        foreach (var job in jobs)
            await JobAssert.EndsWellAsync(cluster, job, 28);
        var closed = cluster.Broker.Log.Split("timed out waiting for delivery acknowledgement").Length - 1;
        cluster.Faults.Count("channel closed by the broker", closed);
        Assert.True(closed >= jobs.Count, $"{closed} channels closed");
        await cluster.Queues.HaveConsumersAsync(1, () => Task.FromResult(cluster.Workers.Output));
        await IsWellAsync();
        foreach (var priority in new[] { 0, Urgent })
            await JobAssert.EndsWellAsync(cluster, await cluster.SubmitAsync(images: Images(2), priority: priority), 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_worker_whose_queue_is_deleted_consumes_from_it_again(bool isWorking)
    {
        await StartWorkerAsync(delayMilliseconds: 500);
        var job = isWorking ? await cluster.SubmitAsync(images: Images(16), shardSize: 16) : null;
        if (job is not null)
            await JobAssert.HasMasksAsync(cluster, job, 2);
        cluster.Faults.Count("queue deleted");
        await cluster.Broker.DeleteQueueAsync(ShardQueues.Bulk);
        await cluster.Queues.HaveConsumersAsync(1, () => Task.FromResult(cluster.Workers.Output));
        await IsWellAsync();
        if (job is not null)
            await JobAssert.EndsWellAsync(cluster, job, 16);
        await JobAssert.EndsWellAsync(cluster, await cluster.SubmitAsync(images: Images(2)), 2);
    }

    [Fact]
    public async Task A_worker_without_a_consumer_is_not_ready_after_a_minute_and_not_alive_after_five_until_it_has_one_again()
    {
        await StartWorkerAsync(hurry: 20);
        await cluster.Broker.AllowAsync("/", read: ".*_.*");
        try
        {
            cluster.Faults.Count("queue deleted");
            await cluster.Broker.DeleteQueueAsync(ShardQueues.Urgent);
            await Poll.UntilAsync("the worker is not ready", async () => (await AskAsync("ready")).Status == HttpStatusCode.ServiceUnavailable, ExplainAsync);
            Assert.Matches("^no consumer on segment-shard-urgent for [0-9]+ s: .*access to queue 'segment-shard-urgent'", await ReasonAsync("ready", "consumer"));
            Assert.Equal(HttpStatusCode.OK, (await AskAsync("live")).Status);
            await Poll.UntilAsync("the log warns", () => Task.FromResult(Lines("warn", "The worker is not ready, and takes no shard").Any()), ExplainAsync);
            await Poll.UntilAsync("the worker is not alive", async () => (await AskAsync("live")).Status == HttpStatusCode.ServiceUnavailable, ExplainAsync);
            Assert.Matches("^no consumer on segment-shard-urgent for [0-9]+ s: ", await ReasonAsync("live", "consumer-lost"));
            await Poll.UntilAsync("the log says so", () => Task.FromResult(Lines("error", "The worker takes no shard any more").Any()), ExplainAsync);
        }
        finally
        {
            await cluster.Broker.AllowAsync("/", read: ".*");
        }
        await Poll.UntilAsync("the worker is well again", async () => (await AskAsync("live")).Status == HttpStatusCode.OK, ExplainAsync);
        await IsWellAsync();
    }

    private static string[] Images(int count) => [.. Enumerable.Range(0, count).Select(Pictures.NameOf)];

    private IEnumerable<string> Lines(string level, string text) =>
        cluster.Workers.Output.Split('\n').Where(line => line.Contains($"{level} Sclip.Worker", StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal));

    private async Task StartWorkerAsync(int delayMilliseconds = 20, int hurry = 1)
    {
        cluster.Workers.Have(0);
        await cluster.Queues.HaveConsumersAsync(0);
        cluster.Workers.Have(1, delayMilliseconds, port: _port, hurry: hurry);
        await cluster.Queues.HaveConsumersAsync(1);
    }

    /// <summary>Readiness says that all parts are healthy, the bus's own included.</summary>
    private async Task IsWellAsync()
    {
        await Poll.UntilAsync("the worker is healthy", async () => await AskAsync("ready") is (HttpStatusCode.OK, { } report) && (string?)report["status"] == "healthy", ExplainAsync);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("live")).Status);
    }

    private async Task<string> ReasonAsync(string path, string part) => (string?)(await AskAsync(path)).Report["parts"]![part]!["reason"] ?? "";

    private async Task<string> ExplainAsync() => $"{(await AskAsync("ready")).Report}\n{await cluster.Queues.ExplainAsync()}\n{cluster.Workers.Output}";

    private async Task<(HttpStatusCode Status, JsonNode Report)> AskAsync(string path)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{_port}/healthz/{path}"));
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}
