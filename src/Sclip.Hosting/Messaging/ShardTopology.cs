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
        if (!await ExistsAsync(connection, name, cancellationToken))
            await CreateAsync(connection, name, arguments, cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(name, name, routingKey: "", cancellationToken: cancellationToken);
    }

    // A channel for each question: the broker closes the one whose answer is no.
    private static async Task<bool> ExistsAsync(IConnection connection, string name, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.QueueDeclarePassiveAsync(name, cancellationToken);
            return true;
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == NotFound)
        {
            return false;
        }
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
