using MassTransit;
using RabbitMQ.Client.Exceptions;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Messages;
using PublishException = RabbitMQ.Client.Exceptions.PublishException;

namespace Sclip.Hosting.Messaging;

/// <summary>Enqueues shards; done when the broker has confirmed that a queue has it.</summary>
/// <param name="bus">Where to.</param>
/// <param name="options">The broker; null on a transport in memory, whose queue is there as long as its process.</param>
public sealed class ShardSender(IBus bus, BrokerOptions? options = null) : IShardSender
{
    private const ushort AccessRefused = 403;
    private const int Tries = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15), FirstPause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc />
    public async Task SendAsync(JobDocument job, int shard, CancellationToken cancellationToken)
    {
        // The bus itself waits for a lost broker for ever; who submits or retries is to hear of it.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var queue = ShardQueues.Of(job);
        var message = new SegmentShard { JobId = job.Id, Shard = shard, Enqueued = DateTimeOffset.UtcNow };
        try
        {
            try
            {
                await ConfirmedAsync(queue, message, limit.Token);
            }
            catch (Exception error) when (options is not null && IsReturned(error))
            {
                // No worker has been there yet, or the broker has lost its data.
                await EnsureQueuesAsync(options, limit.Token);
                await ConfirmedAsync(queue, message, limit.Token);
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BrokerException($"Shard {shard} of job {job.Id} cannot be enqueued; the broker: {Reason(error, queue)}. What is planned stays; try again later.", error);
        }
    }

    private static bool IsReturned(Exception error) => error is MessageReturnedException or PublishException { IsReturn: true };

    private static string Reason(Exception error, string queue) => error switch
    {
        OperationCanceledException => $"no answer within {Patience.TotalSeconds:0} seconds",
        _ when IsReturned(error) => $"the exchange {queue} leads to no queue",
        PublishException => $"the queue {queue} takes nothing now",
        OperationInterruptedException { ShutdownReason: { ReplyCode: AccessRefused } reason } => $"the queue {queue} cannot be made: {reason.ReplyText}",
        _ => error.Message.TrimEnd('.'),
    };

    /// <summary>Makes all queues of shards, so that whoever counts shards to start workers by finds each of them.</summary>
    private static async Task EnsureQueuesAsync(BrokerOptions options, CancellationToken cancellationToken)
    {
        await using var connection = await BrokerConnection.OpenAsync(options, "sclip: queues", cancellationToken);
        foreach (var queue in ShardQueues.Work)
            await ShardTopology.EnsureQueueAsync(connection, queue, options, cancellationToken);
    }

    /// <summary>Sends until the broker takes it: a queue that was made just now has no leader yet, and refuses.</summary>
    private async Task ConfirmedAsync(string queue, SegmentShard message, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await SendAsync(queue, message, cancellationToken);
                return;
            }
            catch (PublishException error) when (!error.IsReturn && attempt < Tries)
            {
                await Task.Delay(FirstPause * (1 << (attempt - 1)), cancellationToken);
            }
        }
    }

    private async Task SendAsync(string queue, SegmentShard message, CancellationToken cancellationToken)
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
        await endpoint.SendToQueueAsync(message, configure: null, cancellationToken).WaitAsync(cancellationToken);
    }
}
