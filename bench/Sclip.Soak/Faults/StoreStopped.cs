namespace Sclip.Soak.Faults;

/// <summary>The store ends and comes back after a while. It is asked to end, since Azurite, unlike the service, writes what it knows only now and then.</summary>
internal sealed class StoreStopped : IFault
{
    public string Kind => "store stopped and started";

    public int Cards => 2;

    public async Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var away = random.Seconds(0, 8);
        if (!await stage.Cluster.StoreTurn.WaitAsync(0))
            return null;
        return new Injection($"away for {away.Shown()} and its start", RestartAsync(stage, away));
    }

    private static async Task RestartAsync(Stage stage, TimeSpan away)
    {
        using var _ = stage.Cluster.Weather.Disturb();
        try
        {
            await stage.Cluster.Azurite.StopAsync();
            await Task.Delay(away);
            await stage.Cluster.Azurite.StartAsync();
        }
        finally
        {
            stage.Cluster.StoreTurn.Release();
        }
    }
}
