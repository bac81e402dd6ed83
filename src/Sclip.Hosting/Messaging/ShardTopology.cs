using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Sclip.Hosting.Messaging;

/// <summary>
/// How queues of shards are made, by whoever needs one first: a sender or a worker. One that is there stays what it was made with, since the
/// broker refuses to declare it with other arguments.
/// </summary>
public static class ShardTopology
{
    private const ushort NotFound = 404;
    private const ushort PreconditionFailed = 406;
    private const int ErrorDeliveryLimit = 100;

    /// <summary>Makes what is missing of a queue of shards: the exchange of its name, the queue, and the binding of the two.</summary>
    /// <param name="connection">A connection to the broker.</param>
    /// <param name="queue">The queue, one of <see cref="ShardQueues.Work"/>.</param>
    /// <param name="options">How often the queue is to deliver a shard, where it is made now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationInterruptedException">The broker does not allow it.</exception>
    public static Task EnsureQueueAsync(IConnection connection, string queue, BrokerOptions options, CancellationToken cancellationToken) =>
        EnsureAsync(connection, queue, Arguments(queue, options.DeliveryLimit), cancellationToken);

    /// <summary>Makes what is missing of the error queue of a queue of shards.</summary>
    /// <param name="connection">A connection to the broker.</param>
    /// <param name="queue">The queue of shards, one of <see cref="ShardQueues.Work"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationInterruptedException">The broker does not allow it.</exception>
    public static Task EnsureErrorQueueAsync(IConnection connection, string queue, CancellationToken cancellationToken) =>
        EnsureAsync(connection, ShardQueues.ErrorsOf(queue), ErrorArguments(queue), cancellationToken);

    /// <summary>Asks for a queue as it is now.</summary>
    /// <param name="connection">A connection to the broker.</param>
    /// <param name="queue">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What waits in it, and how many take from it; null where there is none.</returns>
    /// <exception cref="OperationInterruptedException">The broker does not allow it.</exception>
    public static async Task<QueueDeclareOk?> FindAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        // A channel for each question: the broker closes the one whose answer is no.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == NotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// Arguments of the error queue of a queue of shards. The bus declares it, too, with its first failed message, so that no setting may be in
    /// them; what somebody takes from it too often, to look at, goes back into it.
    /// </summary>
    /// <param name="queue">The queue of shards, one of <see cref="ShardQueues.Work"/>.</param>
    public static IReadOnlyDictionary<string, object> ErrorArguments(string queue) => Arguments(queue, ErrorDeliveryLimit);

    private static Dictionary<string, object> Arguments(string queue, int deliveryLimit) => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = deliveryLimit,
        ["x-dead-letter-exchange"] = "",
        ["x-dead-letter-routing-key"] = ShardQueues.ErrorsOf(queue),
    };

    private static async Task EnsureAsync(IConnection connection, string name, IReadOnlyDictionary<string, object> arguments, CancellationToken cancellationToken)
    {
        if (await FindAsync(connection, name, cancellationToken) is null)
            await CreateAsync(connection, name, arguments, cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(name, name, routingKey: "", cancellationToken: cancellationToken);
    }

    private static async Task CreateAsync(IConnection connection, string name, IReadOnlyDictionary<string, object> arguments, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments.ToDictionary(argument => argument.Key, argument => (object?)argument.Value), cancellationToken: cancellationToken);
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == PreconditionFailed)
        {
            // Another process has made it meanwhile, with a setting of its own.
        }
    }
}
