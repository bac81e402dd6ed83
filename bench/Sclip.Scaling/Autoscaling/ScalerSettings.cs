namespace Sclip.Scaling.Autoscaling;

/// <summary>A KEDA ScaledObject with two RabbitMQ triggers of mode QueueLength. Defaults are KEDA's and Kubernetes'.</summary>
internal sealed record ScalerSettings
{
    /// <summary>Messages of the bulk queue for each worker.</summary>
    public required double QueueLength { get; init; }

    /// <summary>Messages of the urgent queue for each worker.</summary>
    public required double UrgentQueueLength { get; init; }

    /// <summary>A queue with more messages than this wakes workers from zero.</summary>
    public double ActivationValue { get; init; }

    /// <summary>Whether shards in work are left out of the count: what the amqp protocol sees, or <c>excludeUnacknowledged</c>.</summary>
    public bool ExcludeUnacknowledged { get; init; }

    /// <summary>How often KEDA looks whether to wake or to end the last worker; between one and many, the autoscaler asks at its own pace.</summary>
    public double PollingSeconds { get; init; } = 30;

    /// <summary>How long no queue has had a message when the last workers end.</summary>
    public double CooldownSeconds { get; init; } = 300;

    public int MinReplicas { get; init; }

    public int MaxReplicas { get; init; } = 200;

    /// <summary><c>--horizontal-pod-autoscaler-sync-period</c>.</summary>
    public double SyncSeconds { get; init; } = 15;

    /// <summary><c>--horizontal-pod-autoscaler-tolerance</c>.</summary>
    public double Tolerance { get; init; } = 0.1;

    public ScalingRules Up { get; init; } = ScalingRules.DefaultUp;

    public ScalingRules Down { get; init; } = ScalingRules.DefaultDown;
}
