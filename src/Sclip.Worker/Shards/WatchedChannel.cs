using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace Sclip.Worker.Shards;

/// <summary>A channel of the bus whose consumer is watched.</summary>
internal sealed class WatchedChannel(ChannelContext channel, string queue, ConsumerWatch watch) : ScopeChannelContext(channel, channel.CancellationToken), ChannelContext
{
    Task<string> ChannelContext.BasicConsume(
        string name, bool noAck, bool exclusive, IDictionary<string, object> arguments, IAsyncBasicConsumer consumer, string consumerTag, CancellationToken cancellationToken) =>
        BasicConsume(name, noAck, exclusive, arguments, new WatchedConsumer(consumer, this, queue, watch), consumerTag, cancellationToken);
}
