using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Worker.Shards;

/// <summary>Hears of deliveries and results as they come, in the process that computes them; the command line draws its progress from it.</summary>
public interface IShardObserver
{
    /// <summary>A delivery began.</summary>
    void Began(JobDocument job, int shard);

    /// <summary>An image has its result; it may be computed again where the shard's delivery fails later.</summary>
    void Labelled(JobDocument job, int shard, ImageResult result);

    /// <summary>A delivery ended.</summary>
    void Ended(JobDocument job, int shard, ShardOutcome outcome);

    /// <summary>A delivery failed, and will be tried again or not; or its job cannot be done.</summary>
    void Failed(Exception error);
}
