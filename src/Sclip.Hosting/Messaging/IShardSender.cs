using Sclip.Contracts.Jobs;

namespace Sclip.Hosting.Messaging;

/// <summary>Wakes a worker for a shard.</summary>
public interface IShardSender
{
    /// <summary>Enqueues a shard.</summary>
    /// <exception cref="BrokerException">The broker does not take it.</exception>
    Task SendAsync(JobDocument job, int shard, CancellationToken cancellationToken);
}
