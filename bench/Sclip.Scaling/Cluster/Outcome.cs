namespace Sclip.Scaling.Cluster;

/// <summary>A look at the cluster.</summary>
internal readonly record struct Sample(double Time, int Backlog, int Replicas);

/// <summary>What a simulation gave.</summary>
internal sealed record Outcome
{
    public required IReadOnlyList<Job> Jobs { get; init; }

    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>Hours of nodes, paid, by what they were spent on.</summary>
    public required IReadOnlyDictionary<Activity, double> Hours { get; init; }

    /// <summary>Hours between each node's request and its end.</summary>
    public required double PaidHours { get; init; }

    /// <summary>Shards given back unfinished by workers that were ended.</summary>
    public required int Redeliveries { get; init; }

    /// <summary>Shards done, each counted as often as that happened.</summary>
    public required long ShardsDone { get; init; }

    public int PeakBacklog => Samples.Max(sample => sample.Backlog);

    public int PeakReplicas => Samples.Max(sample => sample.Replicas);

    /// <summary>Share of the paid hours that labelled no image.</summary>
    public double Waste => 1 - Hours[Activity.Working] / PaidHours;

    /// <summary>Quantile of the jobs' seconds from submit to end.</summary>
    public double Duration(double quantile, bool urgent)
    {
        var sorted = Jobs.Where(job => job.Arrival.Urgent == urgent).Select(job => job.Duration).Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Ceiling(quantile * sorted.Length) - 1];
    }
}
