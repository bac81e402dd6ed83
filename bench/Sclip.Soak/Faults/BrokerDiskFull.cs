namespace Sclip.Soak.Faults;

/// <summary>The broker is short of disk: it raises its alarm, and takes no message until that ends.</summary>
internal sealed class BrokerDiskFull : IFault
{
    public string Kind => "broker's disk full";

    public int Cards => 2;

    public async Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var time = random.Seconds(1, 12);
        if (!await stage.Cluster.BrokerTurn.WaitAsync(0))
            return null;
        return new Injection($"for {time.Shown()}", FillAsync(stage, time));
    }

    private static async Task FillAsync(Stage stage, TimeSpan time)
    {
        using var _ = stage.Cluster.Weather.Disturb();
        try
        {
            await stage.Cluster.Broker.AlarmAsync(true);
            await Task.Delay(time);
            await stage.Cluster.Broker.AlarmAsync(false);
        }
        finally
        {
            stage.Cluster.BrokerTurn.Release();
        }
    }
}
