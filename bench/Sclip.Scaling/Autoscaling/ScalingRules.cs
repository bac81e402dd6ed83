namespace Sclip.Scaling.Autoscaling;

/// <summary>What a <see cref="ScalingPolicy"/> counts in.</summary>
internal enum ScalingUnit
{
    Pods,
    Percent,
}

/// <summary>Most pods that may be added or taken away within a period.</summary>
internal readonly record struct ScalingPolicy(ScalingUnit Unit, int Value, double PeriodSeconds);

/// <summary>How fast one direction goes: <c>behavior.scaleUp</c> or <c>behavior.scaleDown</c> of a HorizontalPodAutoscaler, of several policies the one that allows most.</summary>
internal sealed record ScalingRules
{
    /// <summary>Of the recommendations of so many seconds the one that changes least is taken.</summary>
    public required double StabilizationSeconds { get; init; }

    public required IReadOnlyList<ScalingPolicy> Policies { get; init; }

    /// <summary>Kubernetes' default upwards: at once, in 15 s to the double or by four, whichever is more.</summary>
    public static ScalingRules DefaultUp { get; } =
        new() { StabilizationSeconds = 0, Policies = [new(ScalingUnit.Percent, 100, 15), new(ScalingUnit.Pods, 4, 15)] };

    /// <summary>Kubernetes' default downwards: the highest recommendation of five minutes, then all at once.</summary>
    public static ScalingRules DefaultDown { get; } = new() { StabilizationSeconds = 300, Policies = [new(ScalingUnit.Percent, 100, 15)] };
}
