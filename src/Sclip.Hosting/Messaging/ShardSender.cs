using MassTransit;
using RabbitMQ.Client;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Messages;

namespace Sclip.Hosting.Messaging;

/// <summary>Enqueues shards; done when the broker has confirmed.</summary>
/// <param name="bus">Where to.</param>
/// <param name="broker">The broker, in which queues are made that are not there; null on a bus that cannot lose a message so.</param>
public sealed class ShardSender(IBus bus, BrokerOptions? broker = null) : IShardSender
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
            try
            {
                await SendAsync(ShardQueues.Of(job), job.Id, shard, limit.Token);
            }
            // No worker has made the queue yet: where they start only once shards wait, none ever would.
            catch (MessageReturnedException) when (broker is not null)
            {
                await MakeQueueAsync(broker, ShardQueues.Of(job), limit.Token);
                await SendAsync(ShardQueues.Of(job), job.Id, shard, limit.Token);
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = error is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} seconds" : error.Message;
            throw new BrokerException($"Shard {shard} of job {job.Id} cannot be enqueued; the broker: {reason}. What is planned stays; try again later.", error);
        }
    }

    private static async Task MakeQueueAsync(BrokerOptions broker, string queue, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = broker.Uri!, ClientProvidedName = "sclip: queues", AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        await ShardTopology.DeclareMissingAsync(connection, queue, broker, cancellationToken);
    }

    private async Task SendAsync(string queue, string job, int shard, CancellationToken cancellationToken)
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
        // The broker drops what it has no queue for, unless it is told to give it back.
        var pipe = Pipe.Execute<SendContext<SegmentShard>>(context =>
        {
            if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                rabbit.Mandatory = true;
        });
        await endpoint.Send(new SegmentShard { JobId = job, Shard = shard, Enqueued = DateTimeOffset.UtcNow }, pipe, cancellationToken).WaitAsync(cancellationToken);
    }
}
