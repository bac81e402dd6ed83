using Sclip.Soak.Cluster;

namespace Sclip.Soak.Faults;

/// <summary>The store refuses a share of the requests.</summary>
internal sealed class StoreFails : IFault
{
    public string Kind => "store's answers are failures";

    public int Cards => 6;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var (time, trouble) = (random.Seconds(1, 8), new StoreTrouble { Refused = 0.2 + 0.7 * random.NextDouble() });
        return Task.FromResult<Injection?>(new($"{trouble.Refused:0 %} of requests for {time.Shown()}", stage.TroubleAsync(trouble, time)));
    }
}
