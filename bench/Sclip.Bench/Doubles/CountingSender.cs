using Sclip.Contracts.Jobs;
using Sclip.Hosting.Messaging;

namespace Sclip.Bench.Doubles;

/// <summary>Counts the shards that it is to enqueue.</summary>
internal sealed class CountingSender : IShardSender
{
    public int Sent { get; private set; }

    public Task SendAsync(JobDocument job, int shard, CancellationToken cancellationToken)
    {
        Sent++;
        return Task.CompletedTask;
    }
}
