using Sclip.Contracts.Jobs;

namespace Sclip.Hosting.Messaging;

/// <summary>Names of the queues that shards wait in.</summary>
public static class ShardQueues
{
    /// <summary>Most jobs.</summary>
    public const string Bulk = "segment-shard";

    /// <summary>Jobs that pass the others; quorum queues have no priorities before RabbitMQ 4.</summary>
    public const string Urgent = "segment-shard-urgent";

    /// <summary>The queue of a job.</summary>
    public static string Of(JobDocument job) => job.IsUrgent() ? Urgent : Bulk;
}
