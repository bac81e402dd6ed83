namespace Sclip.Scaling.Cluster;

/// <summary>How long a worker takes for what. One worker a node; a second of a node costs the same whatever it does.</summary>
internal sealed record WorkerProfile
{
    public required string Name { get; init; }

    /// <summary>Windows a second.</summary>
    public required double WindowsPerSecond { get; init; }

    /// <summary>Seconds to read a shard, to claim it and to commit it: about ten calls to the store.</summary>
    public double ShardOverheadSeconds { get; init; } = 0.3;

    /// <summary>Seconds to embed a label set, once a worker and set.</summary>
    public required double EmbeddingSeconds { get; init; }

    /// <summary>Median seconds until a new node is ready: the cluster's autoscaler notices, the machine boots, the node joins.</summary>
    public required double NodeSeconds { get; init; }

    /// <summary>Spread of <see cref="NodeSeconds"/>: the standard deviation of its logarithm.</summary>
    public double NodeSpread { get; init; } = 0.3;

    /// <summary>Seconds to pull the image onto a new node; a node that had a worker has it.</summary>
    public required double ImageSeconds { get; init; }

    /// <summary>Seconds of the init container that brings the model, for every pod.</summary>
    public required double ModelPullSeconds { get; init; }

    /// <summary>Seconds from the process's start to its first window: runtime, bus, weights.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>Seconds that an empty node is kept and paid: <c>--scale-down-unneeded-time</c> of the cluster's autoscaler.</summary>
    public double NodeLingerSeconds { get; init; } = 600;

    /// <summary>Most seconds that a worker takes to end: <c>SCLIP_WORKER__GRACESECONDS</c>.</summary>
    public double GraceSeconds { get; init; } = 60;

    /// <summary>Label sets a worker keeps: <c>SCLIP_WORKER__LABELSETSKEPT</c>.</summary>
    public int LabelSetsKept { get; init; } = 16;

    /// <summary>
    /// Two cores, ViT-B/16. Measured (bench/README.md): 4.5 windows/s, 26 s for 171 classes in 80 templates, and the start. Assumed: nodes of a
    /// usual cloud, an image of 100 MB, a model of 600 MB at 50 MB/s.
    /// </summary>
    public static WorkerProfile Cpu { get; } = new()
    {
        Name = "cpu",
        WindowsPerSecond = 4.5,
        EmbeddingSeconds = 26,
        NodeSeconds = 90,
        ImageSeconds = 10,
        ModelPullSeconds = 12,
        StartSeconds = 4,
    };

    /// <summary>One GPU. All of it is assumed, nothing measured: 400 windows/s (14 TFLOP/s), an image of 4 GB, nodes that are slower to come.</summary>
    public static WorkerProfile Gpu { get; } = new()
    {
        Name = "gpu",
        WindowsPerSecond = 400,
        EmbeddingSeconds = 3,
        NodeSeconds = 180,
        ImageSeconds = 60,
        ModelPullSeconds = 12,
        StartSeconds = 10,
    };
}
