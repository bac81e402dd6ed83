namespace Sclip.Scaling.Cluster;

/// <summary>A machine, with a worker or empty. It is paid from the moment it is asked for.</summary>
internal sealed class Node(double now)
{
    private readonly double[] _seconds = new double[Enum.GetValues<Activity>().Length];
    private double _since = now;

    public Activity Activity { get; private set; } = Activity.Starting;

    /// <summary>When it is there.</summary>
    public required double Ready { get; init; }

    /// <summary>Counts what its state became empty: a node that has a worker again is not given back.</summary>
    public int Vacancy { get; set; }

    /// <summary>Seconds since its activity began.</summary>
    public double Since(double now) => now - _since;

    public void Begin(Activity activity, double now)
    {
        _seconds[(int)Activity] += now - _since;
        (Activity, _since) = (activity, now);
    }

    public double Seconds(Activity activity) => _seconds[(int)activity];
}
