namespace Sclip.Scaling.Autoscaling;

/// <summary>
/// The HorizontalPodAutoscaler that KEDA makes, for external metrics with AverageValue targets:
/// https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/ and, in kubernetes/kubernetes,
/// pkg/controller/podautoscaler/{horizontal,replica_calculator}.go.
/// </summary>
internal sealed class HorizontalAutoscaler(ScalerSettings settings)
{
    private readonly List<(double Time, int Replicas)> _recommendations = [];
    private readonly List<(double Time, int Change)> _changes = [];

    // KEDA gives it at least one: none is its own affair.
    private int Least => Math.Max(settings.MinReplicas, 1);

    /// <summary>Replicas after a sync; each change is remembered for the policies.</summary>
    /// <param name="now">Seconds.</param>
    /// <param name="current">Replicas now; 0 disables the autoscaler.</param>
    /// <param name="metrics">Messages of each queue, and how many of them are one worker's share.</param>
    public int Decide(double now, int current, ReadOnlySpan<(double Messages, double Target)> metrics)
    {
        if (current == 0)
            return 0;
        var wanted = 0;
        foreach (var (messages, target) in metrics)
            wanted = Math.Max(wanted, Proposal(current, messages, target));
        var next = Limit(now, current, Stabilize(now, current, Math.Clamp(wanted, Least, settings.MaxReplicas)));
        if (next != current)
            _changes.Add((now, next - current));
        return next;
    }

    /// <summary>Replicas that one metric asks for: its total over the target, rounded up, unless that is within the tolerance of what there is.</summary>
    private int Proposal(int current, double messages, double target)
    {
        var ratio = messages / (target * current);
        return ratio >= 1 - settings.Tolerance && ratio <= 1 + settings.Tolerance ? current : (int)Math.Ceiling(messages / target);
    }

    /// <summary>Up to the lowest recommendation of the window upwards, down to the highest of the window downwards, else nothing.</summary>
    private int Stabilize(double now, int current, int wanted)
    {
        var (up, down) = (wanted, wanted);
        foreach (var (time, replicas) in _recommendations)
        {
            if (time > now - settings.Up.StabilizationSeconds)
                up = Math.Min(up, replicas);
            if (time > now - settings.Down.StabilizationSeconds)
                down = Math.Max(down, replicas);
        }
        _recommendations.RemoveAll(item => item.Time <= now - Math.Max(settings.Up.StabilizationSeconds, settings.Down.StabilizationSeconds));
        _recommendations.Add((now, wanted));
        return Math.Min(Math.Max(current, up), down);
    }

    private int Limit(double now, int current, int wanted)
    {
        var longest = settings.Up.Policies.Concat(settings.Down.Policies).Max(policy => policy.PeriodSeconds);
        _changes.RemoveAll(item => item.Time <= now - longest);
        if (wanted > current)
        {
            var most = settings.Up.Policies.Max(policy => Bound(now, current, policy, +1));
            return Math.Min(wanted, Math.Max(most, current));
        }
        if (wanted < current)
        {
            var fewest = settings.Down.Policies.Min(policy => Bound(now, current, policy, -1));
            return Math.Max(wanted, Math.Min(fewest, current));
        }
        return current;
    }

    /// <summary>How far a policy lets go, counted from the replicas at the start of its period.</summary>
    private int Bound(double now, int current, ScalingPolicy policy, int direction)
    {
        var start = current - _changes.Where(item => item.Time > now - policy.PeriodSeconds).Sum(item => item.Change);
        var bound = policy.Unit == ScalingUnit.Pods ? start + direction * policy.Value : start * (1 + direction * policy.Value / 100.0);
        return (int)(direction > 0 ? Math.Ceiling(bound) : bound);
    }
}
