using MassTransit;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Sclip.Worker.Shards;

/// <summary>
/// Notices that the channel of a delivery is gone: the broker gives the shard to another worker, and this one cannot acknowledge it any more.
/// The delivery must then end soon, since the client closes a lost connection, and the bus opens the next one, only after its consumers.
/// </summary>
internal sealed class DeliveryLoss : IDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private readonly IChannel? _channel;

    public DeliveryLoss(ReceiveContext delivery)
    {
        if (!delivery.TryGetPayload<ChannelContext>(out var context))
            return;
        _channel = context.Channel;
        _channel.ChannelShutdownAsync += OnShutdownAsync;
        if (_channel.IsClosed)
            _lost.Cancel();
    }

    /// <summary>Cancelled once the delivery is lost; never on a transport in memory.</summary>
    public CancellationToken Token => _lost.Token;

    public void Dispose()
    {
        if (_channel is not null)
            _channel.ChannelShutdownAsync -= OnShutdownAsync;
    }

    private Task OnShutdownAsync(object sender, ShutdownEventArgs reason) => _lost.CancelAsync();
}
