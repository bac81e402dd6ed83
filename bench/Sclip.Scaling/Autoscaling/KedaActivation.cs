namespace Sclip.Scaling.Autoscaling;

/// <summary>
/// KEDA's own part, between none and one: https://keda.sh/docs/latest/concepts/scaling-deployments/ and, in kedacore/keda,
/// pkg/scaling/executor/scale_scaledobjects.go. All else is the autoscaler's.
/// </summary>
internal sealed class KedaActivation(ScalerSettings settings)
{
    private double? _lastActive;

    /// <summary>Replicas after a poll.</summary>
    /// <param name="now">Seconds.</param>
    /// <param name="current">Replicas now.</param>
    /// <param name="messages">Messages of each queue.</param>
    public int Poll(double now, int current, ReadOnlySpan<double> messages)
    {
        foreach (var count in messages)
            if (count > settings.ActivationValue)
            {
                _lastActive = now;
                return current == 0 ? Math.Max(settings.MinReplicas, 1) : current;
            }
        var cool = _lastActive is not { } active || active + settings.CooldownSeconds < now;
        return settings.MinReplicas == 0 && cool ? 0 : Math.Max(current, settings.MinReplicas);
    }
}
