using RabbitMQ.Client;

namespace Sclip.Hosting.Messaging;

/// <summary>The queues of shards in the broker. Workers make them when they start; where none has started yet, who sends a shard does.</summary>
/// <param name="options">The broker.</param>
public sealed class ShardTopology(BrokerOptions options)
{
    /// <summary>The arguments of a queue, which all who declare it must give alike.</summary>
    public static Dictionary<string, object?> Arguments(string queue, BrokerOptions options) => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = options.DeliveryLimit,
        ["x-dead-letter-exchange"] = "",
        ["x-dead-letter-routing-key"] = ShardQueues.ErrorsOf(queue),
    };

    /// <summary>Makes a queue, and the exchange of its name that the bus sends to.</summary>
    /// <exception cref="Exception">The broker does not let it: its client's exceptions, and those of sockets.</exception>
    public async Task DeclareAsync(string queue, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = options.Uri!, ClientProvidedName = "sclip: queues", AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, Arguments(queue, options), cancellationToken: cancellationToken);
        await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellationToken);
    }
}
