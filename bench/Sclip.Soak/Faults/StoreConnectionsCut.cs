namespace Sclip.Soak.Faults;

/// <summary>All connections to the store break at once, with requests and answers under way.</summary>
internal sealed class StoreConnectionsCut : IFault
{
    public string Kind => "connections to the store cut";

    public int Cards => 11;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        using var _ = stage.Cluster.Weather.Disturb();
        return Task.FromResult(stage.Cluster.StoreRelay.Cut() is > 0 and var cut ? new Injection($"{cut} connections") : null);
    }
}
