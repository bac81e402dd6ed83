using Sclip.Soak.Jobs;

namespace Sclip.Soak.Faults;

/// <summary>A shard's message comes again.</summary>
internal sealed class MessageDoubled : IFault
{
    public string Kind => "message doubled";

    public int Cards => 8;

    public async Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var draw = random.Next(int.MaxValue);
        if (stage.AnyJob(random) is not { } job)
            return null;
        var shard = draw % job.Shards;
        try
        {
            await stage.Cluster.Sender.SendAsync(job.Document!, shard, default);
            return new Injection($"shard {shard} of {job.Id}");
        }
        catch (Exception error) when (Persistence.IsPassing(error))
        {
            return null;
        }
    }
}
