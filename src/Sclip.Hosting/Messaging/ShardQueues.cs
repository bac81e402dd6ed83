using Sclip.Contracts.Jobs;

namespace Sclip.Hosting.Messaging;

/// <summary>Names of the queues that shards wait in.</summary>
public static class ShardQueues
{
    /// <summary>Most jobs.</summary>
    public const string Bulk = "segment-shard";

    /// <summary>Jobs that pass the others; quorum queues have no priorities before RabbitMQ 4.</summary>
    public const string Urgent = "segment-shard-urgent";

    /// <summary>The queues that workers take shards from.</summary>
    public static IReadOnlyList<string> Work { get; } = [Urgent, Bulk];

    /// <summary>The queue of a job.</summary>
    public static string Of(JobDocument job) => job.IsUrgent() ? Urgent : Bulk;

    /// <summary>The queue of shards of a queue that were given up, each with the reason.</summary>
    public static string ErrorsOf(string queue) => queue + "_error";

    /// <summary>The queue of shards of a queue that wait to be tried again.</summary>
    public static string LateOf(string queue, BrokerOptions options) => FormattableString.Invariant($"{queue}_later_{options.LateSeconds}s");

    /// <summary>All queues that a shard may be in.</summary>
    public static IReadOnlyList<string> All(BrokerOptions options) => [Bulk, Urgent, LateOf(Bulk, options), LateOf(Urgent, options), ErrorsOf(Bulk), ErrorsOf(Urgent)];
}
