using Sclip.Chaos;
using Sclip.Testing.Servers;

namespace Sclip.Soak.Cluster;

/// <summary>The servers of a run: a broker that takes shards back after 15 seconds, a store behind one that misbehaves, and a model hub.</summary>
internal sealed class SoakCluster : ChaosCluster
{
    // The product's default.
    private const int DeliveryLimit = 100;

    public SoakCluster()
        : base(new RabbitMqServer("{consumer_timeout, 15000}", "{channel_tick_interval, 5000}"), DeliveryLimit) => Store = new(Azurite.Port);

    public FaultyStore Store { get; }

    public ModelHub Hub { get; } = new();

    public Weather Weather { get; } = new();

    /// <summary>One at a time does something to the broker that it must end before another does.</summary>
    public SemaphoreSlim BrokerTurn { get; } = new(1);

    public SemaphoreSlim StoreTurn { get; } = new(1);

    /// <summary>Deliveries that the broker took back since they were not acknowledged in time.</summary>
    public int TimedOut => Broker.Log.Split("timed out waiting for delivery acknowledgement").Length - 1;

    protected override int StorePort => Store.Port;

    public new async Task StartAsync()
    {
        await Task.WhenAll(Store.StartAsync(), Hub.StartAsync());
        await base.StartAsync();
    }

    public void Calm(IReadOnlyDictionary<string, string> masks) => CalmMasks = masks;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Store.DisposeAsync();
        await Hub.DisposeAsync();
        BrokerTurn.Dispose();
        StoreTurn.Dispose();
    }
}
