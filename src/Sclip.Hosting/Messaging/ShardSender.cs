using MassTransit;
using RabbitMQ.Client.Exceptions;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Messages;

namespace Sclip.Hosting.Messaging;

/// <summary>Enqueues shards; done when the broker has confirmed that a queue has it.</summary>
/// <param name="bus">Where to.</param>
/// <param name="options">The broker; null on a transport in memory, whose queue is there as long as its process.</param>
public sealed class ShardSender(IBus bus, BrokerOptions? options = null) : IShardSender
{
    private const ushort AccessRefused = 403;
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _turn = new();
    private Task<bool> _question = Task.FromResult(false);

    /// <summary>How long the broker may take: meanwhile the bus tries again, so that a queue that was made just now, and has no leader yet, takes it.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc />
    public async Task SendAsync(JobDocument job, int shard, CancellationToken cancellationToken)
    {
        // The bus itself tries for ever where the broker is lost or refuses; who submits or retries is to hear of it.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var queue = ShardQueues.Of(job);
        var message = new SegmentShard { JobId = job.Id, Shard = shard, Enqueued = DateTimeOffset.UtcNow };
        try
        {
            try
            {
                await SendAsync(queue, message, limit.Token);
            }
            catch (MessageReturnedException) when (options is not null)
            {
                // No worker has been there yet, or the broker has lost its data.
                await EnsureQueuesAsync(options, limit.Token);
                await SendAsync(queue, message, limit.Token);
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BrokerException($"Shard {shard} of job {job.Id} cannot be enqueued; the broker: {await ReasonAsync(error, queue, cancellationToken)}. What is planned stays; try again later.", error);
        }
    }

    private async Task<string> ReasonAsync(Exception error, string queue, CancellationToken cancellationToken) => error switch
    {
        OperationCanceledException when await AnswersAsync(queue).WaitAsync(cancellationToken) => $"the queue {queue} takes nothing now: it is full, or the broker is short of memory or disk",
        OperationCanceledException => $"no answer within {Patience.TotalSeconds:0} seconds",
        MessageReturnedException => $"the exchange {queue} leads to no queue",
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

    /// <summary>Whether the broker answers when it is asked for the queue: a send that is refused and one that is not answered end alike.</summary>
    private Task<bool> AnswersAsync(string queue)
    {
        if (options is null)
            return Task.FromResult(false);
        // Many sends may end at once; one connection is enough for all of them.
        lock (_turn)
            return _question.IsCompleted ? _question = AskAsync(options, queue) : _question;
    }

    private static async Task<bool> AskAsync(BrokerOptions options, string queue)
    {
        using var limit = new CancellationTokenSource(AskPatience);
        try
        {
            return await FindAsync().WaitAsync(limit.Token);
        }
        // Whatever the client throws: it does not say, and sockets, names and time limits have exceptions of their own.
        catch (Exception)
        {
            return false;
        }

        async Task<bool> FindAsync()
        {
            await using var connection = await BrokerConnection.OpenAsync(options, "sclip: question", limit.Token);
            await ShardTopology.FindAsync(connection, queue, limit.Token);
            return true;
        }
    }

    private async Task SendAsync(string queue, SegmentShard message, CancellationToken cancellationToken)
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
        await endpoint.SendToQueueAsync(message, configure: null, cancellationToken);
    }
}
