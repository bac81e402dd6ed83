using Sclip.Soak.Cluster;

namespace Sclip.Soak.Faults;

/// <summary>The store does what it is asked for a share of the requests, and the connection breaks before it says so.</summary>
internal sealed class StoreAnswersLost : IFault
{
    public string Kind => "store's answers lost";

    public int Cards => 5;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var (time, trouble) = (random.Seconds(1, 6), new StoreTrouble { Unanswered = 0.1 + 0.5 * random.NextDouble() });
        return Task.FromResult<Injection?>(new($"{trouble.Unanswered:0 %} of requests for {time.Shown()}", stage.TroubleAsync(trouble, time)));
    }
}
