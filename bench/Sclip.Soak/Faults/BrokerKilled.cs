namespace Sclip.Soak.Faults;

/// <summary>The broker loses power and comes back after a while.</summary>
internal sealed class BrokerKilled : IFault
{
    public string Kind => "broker killed and started";

    public int Cards => 1;

    public async Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var away = random.Seconds(0, 4);
        if (!await stage.Cluster.BrokerTurn.WaitAsync(0))
            return null;
        return new Injection($"away for {away.Shown()} and its start", RestartAsync(stage, away));
    }

    private static async Task RestartAsync(Stage stage, TimeSpan away)
    {
        using var _ = stage.Cluster.Weather.Disturb();
        try
        {
            await stage.Cluster.Broker.StopAsync();
            await Task.Delay(away);
            await stage.Cluster.Broker.StartAsync();
        }
        finally
        {
            stage.Cluster.BrokerTurn.Release();
        }
    }
}
