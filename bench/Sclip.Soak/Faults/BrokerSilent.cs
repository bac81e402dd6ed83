namespace Sclip.Soak.Faults;

/// <summary>The broker is frozen: connections stay, and nothing comes.</summary>
internal sealed class BrokerSilent : IFault
{
    public string Kind => "broker silent";

    public int Cards => 1;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var (relay, time) = (stage.Cluster.BrokerRelay, random.Seconds(2, 25));
        return Task.FromResult(relay.Holds ? null : new Injection($"for {time.Shown()}", stage.HoldAsync(relay, time)));
    }
}
