namespace Sclip.Scaling.Cluster;

/// <summary>A job on its way.</summary>
internal sealed class Job(JobArrival arrival)
{
    public JobArrival Arrival => arrival;

    public int Planned { get; set; }

    public int Done { get; set; }

    /// <summary>When its last shard was done; null before.</summary>
    public double? Finished { get; set; }

    /// <summary>Seconds from the submit to the end.</summary>
    public double Duration => Finished!.Value - arrival.Time;
}
