using MassTransit;

namespace Sclip.Hosting.Messaging;

/// <summary>Sends that must end in a queue.</summary>
public static class RoutedSends
{
    /// <summary>
    /// Sends a message that a queue must take: where the exchange has none, the send fails, which otherwise would drop it without a word. The
    /// bus tries again for as long as the broker is lost or refuses, so that the token is to have a limit.
    /// </summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="message">The message.</param>
    /// <param name="configure">What else there is to set.</param>
    /// <param name="limit">Gives up.</param>
    /// <exception cref="MessageReturnedException">No queue takes it; never on a transport in memory.</exception>
    public static Task SendToQueueAsync<T>(this ISendEndpoint endpoint, T message, Action<SendContext<T>>? configure, CancellationToken limit)
        where T : class =>
        // The bus's own call may end 20 seconds after its token, where the broker keeps the connection and does not answer.
        endpoint.Send(
            message,
            send =>
            {
                configure?.Invoke(send);
                if (send.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                    rabbit.Mandatory = true;
            },
            limit).WaitAsync(limit);
}
