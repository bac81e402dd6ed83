using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Sclip.Hosting.Messaging;

/// <summary>
/// Makes the queues of shards. Dispatchers, and who sends a shard, make them as the workers do: a broker drops what no queue takes, and where workers are started
/// by what waits, there would be none to make the first.
/// </summary>
public static class ShardTopology
{
    private const ushort PreconditionFailed = 406;

    /// <summary>What a queue of shards, and the one of those that it gave up, are made with.</summary>
    public static Dictionary<string, object?> Arguments(string queue, BrokerOptions options) => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = options.DeliveryLimit,
        ["x-dead-letter-exchange"] = "",
        ["x-dead-letter-routing-key"] = ShardQueues.ErrorsOf(queue),
    };

    /// <summary>Declares a queue, that of the shards it gave up, which the broker needs before the bus would make it, and that of those that wait to be tried again.</summary>
    /// <exception cref="OperationInterruptedException">One of them is there with other arguments.</exception>
    public static async Task DeclareAsync(IChannel channel, string queue, BrokerOptions options, CancellationToken cancellationToken)
    {
        await DeclareOneAsync(channel, queue, Arguments(queue, options), cancellationToken);
        await DeclareOneAsync(channel, ShardQueues.ErrorsOf(queue), Arguments(queue, options), cancellationToken);
        await DeclareOneAsync(channel, ShardQueues.LateOf(queue, options), new()
        {
            ["x-queue-type"] = "quorum",
            ["x-message-ttl"] = options.LateSeconds * 1000,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = queue,
            // The copy must have arrived before the original goes.
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        }, cancellationToken);
    }

    /// <summary>Declares the same on a connection, where a queue that is there already keeps what it was made with.</summary>
    public static async Task DeclareMissingAsync(IConnection connection, string queue, BrokerOptions options, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await DeclareAsync(channel, queue, options, cancellationToken);
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == PreconditionFailed)
        {
            // It is there, made with other settings.
        }
    }

    private static async Task DeclareOneAsync(IChannel channel, string name, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(name, name, "", cancellationToken: cancellationToken);
    }
}
