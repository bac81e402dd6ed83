using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Worker.Shards;

/// <summary>Nobody listens in the process: who wants to know reads the job's blobs.</summary>
internal sealed class SilentObserver : IShardObserver
{
    public void Labelled(JobDocument job, int shard, ImageResult result)
    {
    }

    public void Ended(JobDocument job, int shard, ShardOutcome outcome)
    {
    }

    public void Failed(Exception error)
    {
    }
}
