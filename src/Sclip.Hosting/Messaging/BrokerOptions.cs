using Sclip.Hosting.Configuration;

namespace Sclip.Hosting.Messaging;

/// <summary>The RabbitMQ broker, and how often a shard is tried.</summary>
public sealed record BrokerOptions : IValidatableOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Broker";

    /// <summary>Address: <c>amqp://user:password@host:port/vhost</c>, or <c>amqps://…</c>.</summary>
    public Uri? Uri { get; init; }

    /// <summary>Seconds that a shard waits after its retries at once are used up.</summary>
    public int LateSeconds { get; init; } = 60;

    /// <summary>How often a shard waits so, before it goes to the error queue.</summary>
    public int LateRedeliveries { get; init; } = 10;

    /// <summary>Deliveries after which the broker itself puts a shard into the error queue: the end of one that kills every process, whatever else fails.</summary>
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
