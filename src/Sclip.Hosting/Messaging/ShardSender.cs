using MassTransit;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Messages;

namespace Sclip.Hosting.Messaging;

/// <summary>Enqueues shards; done when the broker has confirmed.</summary>
/// <param name="bus">Where to.</param>
public sealed class ShardSender(IBus bus) : IShardSender
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <inheritdoc />
    public async Task SendAsync(JobDocument job, int shard, CancellationToken cancellationToken)
    {
        // The bus itself waits for a lost broker for ever; who submits or retries is to hear of it.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{ShardQueues.Of(job)}"));
            await endpoint.Send(new SegmentShard { JobId = job.Id, Shard = shard, Enqueued = DateTimeOffset.UtcNow }, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = error is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} seconds" : error.Message;
            throw new BrokerException($"Shard {shard} of job {job.Id} cannot be enqueued; the broker: {reason}. What is planned stays; try again later.", error);
        }
    }
}
