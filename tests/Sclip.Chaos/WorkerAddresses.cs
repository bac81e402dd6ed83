namespace Sclip.Chaos;

/// <summary>How workers find broker and store, through the relays.</summary>
/// <param name="Broker">The broker.</param>
/// <param name="Store">The connection string of the store.</param>
/// <param name="DeliveryLimit">Deliveries of a message after which the broker gives it up.</param>
internal sealed record WorkerAddresses(Uri Broker, string Store, int DeliveryLimit);
