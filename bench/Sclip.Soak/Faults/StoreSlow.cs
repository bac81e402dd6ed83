using Sclip.Soak.Cluster;

namespace Sclip.Soak.Faults;

/// <summary>Each request to the store waits before it is answered.</summary>
internal sealed class StoreSlow : IFault
{
    public string Kind => "store slow";

    public int Cards => 7;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var (time, trouble) = (random.Seconds(1, 6), new StoreTrouble { Delay = random.Seconds(0.1, 2) });
        return Task.FromResult<Injection?>(new($"{trouble.Delay.Shown()} each request for {time.Shown()}", stage.TroubleAsync(trouble, time)));
    }
}
