using MassTransit;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Messages;

namespace Sclip.Hosting.Messaging;

/// <summary>Enqueues shards; done when the broker has confirmed.</summary>
/// <param name="bus">Where to.</param>
public sealed class ShardSender(IBus bus) : IShardSender
{
    /// <inheritdoc />
    public async Task SendAsync(JobDocument job, int shard, CancellationToken cancellationToken)
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{ShardQueues.Of(job)}"));
        await endpoint.Send(new SegmentShard { JobId = job.Id, Shard = shard, Enqueued = DateTimeOffset.UtcNow }, cancellationToken);
    }
}
