using Sclip.Contracts.Jobs;
using Sclip.Contracts.Messages;
using Sclip.Hosting.Messaging;

namespace Sclip.Chaos.Tests;

/// <summary>Messages that come too often, or that are none of ours.</summary>
[Collection(nameof(ClusterTests))]
public sealed class MessageTests(Cluster cluster)
{
    private const string ErrorQueue = ShardQueues.Bulk + "_error";
    private const int Workers = 3;

    [Fact]
    public async Task Every_message_delivered_twice_labels_each_image_once()
    {
        cluster.Workers.Have(0);
        var job = await cluster.SubmitAsync();
        for (var shard = 0; shard < Pictures.Count / 10; shard++)
        {
            await cluster.Sender.SendAsync(job, shard, default);
            cluster.Faults.Count("message doubled");
        }
        cluster.Workers.Have(Workers);
        await JobAssert.EndsWellAsync(cluster, job, Pictures.Count);
    }

    [Fact]
    public async Task The_draft_of_a_worker_that_died_right_after_its_commit_is_cleared_away()
    {
        cluster.Workers.Have(Workers);
        var job = await cluster.SubmitAsync(images: [Pictures.NameOf(0)]);
        await JobAssert.EndsWellAsync(cluster, job, 1);
        // As that worker leaves it: committed, not acknowledged, the draft still there.
        Assert.NotNull(await cluster.Jobs.WriteDraftAsync(job.Id, 0, new ShardDraft { Worker = "dead", Deliveries = 1 }, [], etag: null, default));
        await cluster.Sender.SendAsync(job, 0, default);
        // The message may be on its way for longer than the queues are told to be empty.
        await Poll.UntilAsync("the draft is gone", async () => await cluster.Jobs.ReadDraftAsync(job.Id, 0, default) is null, () => JobAssert.ExplainAsync(cluster, job));
        await JobAssert.EndsWellAsync(cluster, job, 1);
    }

    [Fact]
    public async Task A_shard_that_a_lost_delivery_took_over_and_left_is_labelled_all_the_same()
    {
        const int Images = 30;
        cluster.Workers.Have(0);
        cluster.Workers.Have(1, delayMilliseconds: 300);
        var job = await cluster.SubmitAsync(images: [.. Enumerable.Range(0, Images).Select(Pictures.NameOf)], shardSize: Images);
        await JobAssert.HasMasksAsync(cluster, job, 3);
        // As a delivery does whose connection was cut before it claimed the shard, which the broker gave to another meanwhile.
        await Poll.UntilAsync("the shard is taken over", async () => await cluster.Jobs.ReadDraftAsync(job.Id, 0, default) is { } draft
            && await cluster.Jobs.WriteDraftAsync(job.Id, 0, draft.Head with { Worker = "lost" }, draft.Results, draft.ETag, default) is not null);
        cluster.Faults.Count("shard taken over");
        await JobAssert.EndsWellAsync(cluster, job, Images);
        cluster.Workers.Have(0);
    }

    [Fact]
    public async Task Messages_that_name_no_shard_go_to_the_error_queue_at_once_with_the_reason()
    {
        cluster.Workers.Have(Workers);
        var job = await cluster.SubmitAsync(images: [Pictures.NameOf(0)]);
        await JobAssert.EndsWellAsync(cluster, job, 1);
        var good = new SegmentShard { JobId = job.Id, Shard = 0, Enqueued = DateTimeOffset.UtcNow };
        SegmentShard[] broken = [good with { Version = 2 }, good with { JobId = "../x" }, good with { JobId = "not-there" }, good with { Shard = 7 }, good with { Shard = -1 }];
        var endpoint = await cluster.Bus.GetSendEndpoint(new Uri($"exchange:{ShardQueues.Bulk}"));
        foreach (var message in broken)
            await endpoint.Send(message);
        cluster.Faults.Count("broken message", broken.Length);

        var failed = await cluster.Queues.TakeAsync(ErrorQueue, broken.Length);
        Assert.Equal(broken.Length, failed.Count);
        foreach (var reason in (string[])["is of version 2", "names job '../x'", "There is no job not-there", "has no shard 7", "shard -1"])
            Assert.Single(failed, headers => headers["MT-Fault-Message"].Contains(reason, StringComparison.Ordinal));
        Assert.All(failed, headers => Assert.DoesNotContain("MT-Fault-RetryCount", headers.Keys));
        Assert.All(failed, headers => Assert.DoesNotContain("sclip-late-redeliveries", headers.Keys));
        await cluster.Queues.UntilEmptyAsync();
    }

    [Fact]
    public async Task A_message_that_is_never_acknowledged_is_given_up_by_the_broker()
    {
        cluster.Workers.Have(0);
        await cluster.Queues.HaveConsumersAsync(0);
        // What another test has left there of a job that has ended.
        while (await cluster.Queues.LoseAsync(ShardQueues.Bulk) is not null)
            cluster.Faults.Count("message lost");
        var endpoint = await cluster.Bus.GetSendEndpoint(new Uri($"exchange:{ShardQueues.Bulk}"));
        await endpoint.Send(new SegmentShard { JobId = "deadly", Shard = 0, Enqueued = DateTimeOffset.UtcNow });
        Assert.Equal(Cluster.DeliveryLimit + 1, await cluster.Queues.TakeInVainAsync(ShardQueues.Bulk));
        Assert.Single(await cluster.Queues.TakeAsync(ErrorQueue, 1));
    }
}
