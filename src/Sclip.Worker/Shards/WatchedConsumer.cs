using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Sclip.Worker.Shards;

/// <summary>A consumer that tells when the broker has it, and when no more.</summary>
internal sealed class WatchedConsumer(IAsyncBasicConsumer consumer, ChannelContext owner, string queue, ConsumerWatch watch) : IAsyncBasicConsumer
{
    public IChannel? Channel => consumer.Channel;

    public Task HandleBasicConsumeOkAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        watch.Begin(queue, owner);
        // The client tells consumers of a lost channel only after their deliveries.
        owner.Channel.ChannelShutdownAsync += OnShutdownAsync;
        if (owner.Channel.CloseReason is { } reason)
            End(reason);
        return consumer.HandleBasicConsumeOkAsync(consumerTag, cancellationToken);
    }

    public Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        watch.End(queue, owner, "the broker has cancelled it, as it does where somebody deletes the queue");
        return consumer.HandleBasicCancelAsync(consumerTag, cancellationToken);
    }

    public Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        watch.End(queue, owner, "the bus has cancelled it");
        return consumer.HandleBasicCancelOkAsync(consumerTag, cancellationToken);
    }

    public Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default) =>
        consumer.HandleBasicDeliverAsync(consumerTag, deliveryTag, redelivered, exchange, routingKey, properties, body, cancellationToken);

    public Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason) => consumer.HandleChannelShutdownAsync(channel, reason);

    private Task OnShutdownAsync(object sender, ShutdownEventArgs reason)
    {
        End(reason);
        return Task.CompletedTask;
    }

    private void End(ShutdownEventArgs reason) => watch.End(queue, owner, FormattableString.Invariant($"its channel was closed with {reason.ReplyCode} {reason.ReplyText}"));
}
