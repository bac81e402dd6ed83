namespace Sclip.Soak.Faults;

/// <summary>All connections to the broker break at once.</summary>
internal sealed class BrokerConnectionsCut : IFault
{
    public string Kind => "connections to the broker cut";

    public int Cards => 11;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        using var _ = stage.Cluster.Weather.Disturb();
        return Task.FromResult(stage.Cluster.BrokerRelay.Cut() is > 0 and var cut ? new Injection($"{cut} connections") : null);
    }
}
