using Sclip.Soak.Cluster;
using Sclip.Soak.Jobs;
using Sclip.Testing.Servers;

namespace Sclip.Soak.Faults;

/// <summary>What faults are injected into.</summary>
internal sealed record Stage(SoakCluster Cluster, SoakWorkers Workers, JobFlow Flow)
{
    /// <summary>A job under way, of those that a fault may be aimed at.</summary>
    public SoakJob? AnyJob(Random random)
    {
        var (open, draw) = (Flow.Open.Where(job => job.Kind != "probe").ToArray(), random.Next(int.MaxValue));
        return open.Length == 0 ? null : open[draw % open.Length];
    }

    /// <summary>Freezes all that passes a relay for a while: connections stay, and nothing comes.</summary>
    public async Task HoldAsync(TcpRelay relay, TimeSpan time)
    {
        using var disturbance = Cluster.Weather.Disturb();
        relay.Holds = true;
        await Task.Delay(time);
        relay.Holds = false;
    }

    /// <summary>Lets the store misbehave for a while.</summary>
    public async Task TroubleAsync(StoreTrouble trouble, TimeSpan time)
    {
        using var disturbance = Cluster.Weather.Disturb();
        using var misbehaves = Cluster.Store.Have(trouble);
        await Task.Delay(time);
    }
}
