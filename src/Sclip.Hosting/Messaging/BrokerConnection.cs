using RabbitMQ.Client;

namespace Sclip.Hosting.Messaging;

/// <summary>Connections to the broker beside the bus, for what the bus does not do: asking for queues, and making them.</summary>
public static class BrokerConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Connects; a connection that is lost does not come back by itself, and no answer is waited for longer than 5 seconds.</summary>
    /// <param name="options">The broker.</param>
    /// <param name="name">What the broker shows the connection as.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<IConnection> OpenAsync(BrokerOptions options, string name, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = options.Uri!,
            ClientProvidedName = name,
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = Patience,
            ContinuationTimeout = Patience,
            HandshakeContinuationTimeout = Patience,
        };
        return factory.CreateConnectionAsync(cancellationToken);
    }
}
