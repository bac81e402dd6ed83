using Sclip.Soak.Cluster;

namespace Sclip.Soak.Faults;

/// <summary>The store takes no write, and answers reads.</summary>
internal sealed class StoreDiskFull : IFault
{
    public string Kind => "store's disk full";

    public int Cards => 2;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var (time, trouble) = (random.Seconds(2, 15), new StoreTrouble { IsFull = true });
        return Task.FromResult<Injection?>(new($"no writes for {time.Shown()}", stage.TroubleAsync(trouble, time)));
    }
}
