using MassTransit;

namespace Sclip.Hosting.Messaging;

/// <summary>Sends that must end in a queue.</summary>
public static class RoutedSends
{
    /// <summary>Sends a message that a queue must take: where the exchange has none, the send fails, which otherwise would drop it without a word.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="message">The message.</param>
    /// <param name="configure">What else there is to set.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MessageReturnedException">No queue takes it; never on a transport in memory.</exception>
    public static Task SendToQueueAsync<T>(this ISendEndpoint endpoint, T message, Action<SendContext<T>>? configure, CancellationToken cancellationToken)
        where T : class =>
        endpoint.Send(
            message,
            send =>
            {
                configure?.Invoke(send);
                if (send.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                    rabbit.Mandatory = true;
            },
            cancellationToken);
}
