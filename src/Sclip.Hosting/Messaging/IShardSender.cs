using Sclip.Contracts.Jobs;

namespace Sclip.Hosting.Messaging;

/// <summary>Wakes a worker for a shard.</summary>
public interface IShardSender
{
    /// <summary>Enqueues a shard.</summary>
    Task SendAsync(JobDocument job, int shard, CancellationToken cancellationToken);
}
