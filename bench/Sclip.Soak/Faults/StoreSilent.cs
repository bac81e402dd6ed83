namespace Sclip.Soak.Faults;

/// <summary>The store is frozen: connections stay, and nothing comes.</summary>
internal sealed class StoreSilent : IFault
{
    public string Kind => "store silent";

    public int Cards => 2;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var (relay, time) = (stage.Cluster.StoreRelay, random.Seconds(2, 10));
        return Task.FromResult(relay.Holds ? null : new Injection($"for {time.Shown()}", stage.HoldAsync(relay, time)));
    }
}
