using System.Diagnostics;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Hosting.Messaging;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Chaos.Tests;

/// <summary>Jobs whose models cannot be had, now or ever, beside jobs whose models can.</summary>
[Collection(nameof(ClusterTests))]
public sealed class ModelTests(Cluster cluster)
{
    // Five seconds are promised, and each of the sixty shards before it would take as long; a machine that does much else may need some more.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Jobs_whose_model_the_hub_does_not_give_hold_up_no_other_and_go_on_once_it_does()
    {
        await using var hub = FakeHub.Start(FakeModel.DemoFiles());
        await using var relay = new TcpRelay(new Uri(hub.Endpoint).Port) { Refuses = true };
        using var workers = await PullAsync($"http://127.0.0.1:{relay.Port}");
        JobDocument[] waiting = [await SubmitAsync(FakeHub.Id, 60), await SubmitAsync(FakeHub.Id, 60, priority: 9)];
        cluster.Faults.Count("model that cannot be had");
        var clock = Stopwatch.StartNew();
        var good = await SubmitAsync("demo/model", 3);
        await StatusAsync(good, status => status.State == JobState.Completed);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Hold);
        foreach (var job in waiting)
        {
            var status = await StatusAsync(job, status => status.State == JobState.Waiting && status.Reason is not null);
            Assert.Equal(JobWaitKind.Model, status.WaitsFor);
            Assert.StartsWith($"waiting for model {FakeHub.Id}: it ", status.Reason, StringComparison.Ordinal);
            Assert.Contains("127.0.0.1 cannot be reached", status.Reason, StringComparison.Ordinal);
        }
        // Each waits for its own queue, once. The broker counts its queues one after the other, so shards on their way between two may be counted twice: for a time.
        foreach (var name in ShardQueues.Work)
            await Poll.UntilAsync($"{name} and its late queue hold no more than 30 shards", async () =>
                (await cluster.Broker.QueuesAsync()).Where(queue => queue.Name == name || queue.Name.StartsWith(name + "_later", StringComparison.Ordinal)).Sum(queue => queue.Ready + queue.Unacknowledged) <= 30,
                () => JobAssert.ExplainAsync(cluster, waiting[0]));
        relay.Refuses = false;
        foreach (var job in waiting)
            await JobAssert.EndsWellAsync(cluster, job, 60);
    }

    [Fact]
    public async Task A_job_whose_model_there_is_not_fails_at_its_first_shard_with_the_reason()
    {
        await using var hub = FakeHub.Start(FakeModel.DemoFiles());
        using var workers = await PullAsync(hub.Endpoint);
        var job = await SubmitAsync("org/tipo", 20);
        cluster.Faults.Count("model that cannot be had");
        var status = await StatusAsync(job, status => status.State == JobState.Failed);
        Assert.Contains("has no model 'org/tipo'", status.Reason, StringComparison.Ordinal);
        Assert.Equal(0, status.ShardsDone);
        await cluster.Queues.UntilEmptyAsync(() => JobAssert.ExplainAsync(cluster, job));
    }

    /// <summary>One worker that pulls models, until the result is disposed of.</summary>
    private async Task<Pulling> PullAsync(string hub)
    {
        cluster.Workers.Have(0);
        await cluster.Queues.HaveConsumersAsync(0);
        cluster.Workers.PullFrom(hub);
        cluster.Workers.Have(1);
        var pulling = new Pulling(cluster.Workers);
        await cluster.Queues.HaveConsumersAsync(1, () => Task.FromResult(cluster.Workers.Output));
        return pulling;
    }

    private Task<JobDocument> SubmitAsync(string model, int images, int priority = 0) =>
        cluster.SubmitAsync(images: [.. Enumerable.Range(0, images).Select(Pictures.NameOf)], shardSize: 2, priority: priority, model: model);

    private async Task<JobStatus> StatusAsync(JobDocument job, Func<JobStatus, bool> wanted)
    {
        JobStatus? status = null;
        await Poll.UntilAsync($"{job.Id} stands as it should", async () => wanted(status = await new JobReader(cluster.Jobs, job).ReadAsync(default)), () => JobAssert.ExplainAsync(cluster, job));
        return status!;
    }

    private sealed class Pulling(Workers workers) : IDisposable
    {
        public void Dispose()
        {
            workers.Have(0);
            workers.PullFrom(null);
        }
    }
}
