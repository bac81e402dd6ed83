using Sclip.Hosting.Configuration;

namespace Sclip.Hosting.Messaging;

/// <summary>The RabbitMQ broker, and how often a shard is tried.</summary>
public sealed record BrokerOptions : IValidatableOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Broker";

    /// <summary>Address of RabbitMQ: <c>amqp://USER:PASSWORD@HOST:5672/VHOST</c>, or <c>amqps://</c> for TLS. It must be set.</summary>
    public Uri? Uri { get; init; }

    /// <summary>Seconds that a shard waits before it is delivered again, once its three retries at once have failed. It is part of the name of the queue that it waits in.</summary>
    public int LateSeconds { get; init; } = 60;

    /// <summary>How often a shard waits so before it goes to the error queue; 0 sends it there after the retries at once.</summary>
    public int LateRedeliveries { get; init; } = 10;

    /// <summary>
    /// Deliveries of a shard after which the broker itself moves it to the error queue, whatever kills its workers. A queue keeps the limit that it was made with:
    /// delete the empty queue to change it.
    /// </summary>
    public int DeliveryLimit { get; init; } = 100;

    /// <inheritdoc />
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Uri is null)
            yield return (nameof(Uri), "is missing: the broker's address, such as amqp://user:password@host:5672/.");
        else if (!Uri.IsAbsoluteUri || Uri.Scheme is not ("amqp" or "amqps"))
            yield return (nameof(Uri), "must be an address such as amqp://user:password@host:5672/.");
        if (LateSeconds is < 1 or > 86400)
            yield return (nameof(LateSeconds), $"is {LateSeconds}: it must lie in 1..86400 seconds.");
        if (LateRedeliveries is < 0 or > 1000)
            yield return (nameof(LateRedeliveries), $"is {LateRedeliveries}: it must lie in 0..1000.");
        if (DeliveryLimit is < 5 or > 10000)
            yield return (nameof(DeliveryLimit), $"is {DeliveryLimit}: it must lie in 5..10000.");
    }
}
