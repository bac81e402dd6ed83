using Sclip.Scaling.Autoscaling;
using Sclip.Scaling.Cluster;

namespace Sclip.Scaling.Reports;

/// <summary>The settings that the manifests take, and the shard size they are made for.</summary>
internal static class Defaults
{
    public static ScalerSettings Cpu { get; } = new() { QueueLength = 4, UrgentQueueLength = 1, PollingSeconds = 10 };

    public static ScalerSettings Gpu { get; } = Cpu with { QueueLength = 32, UrgentQueueLength = 8 };

    public static (ScalerSettings Scaler, int ShardSize) Of(WorkerProfile profile) => profile == WorkerProfile.Gpu ? (Gpu, 512) : (Cpu, 64);
}
