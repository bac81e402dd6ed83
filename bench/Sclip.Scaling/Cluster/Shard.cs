namespace Sclip.Scaling.Cluster;

/// <summary>A shard on its way.</summary>
internal sealed class Shard(Job job, double seconds)
{
    public Job Job => job;

    /// <summary>Seconds of work left in it.</summary>
    public double Left { get; set; } = seconds;
}
