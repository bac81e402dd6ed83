using Sclip.Worker.Engines;

namespace Sclip.Worker;

/// <summary>How a worker works.</summary>
public sealed record WorkerOptions : EngineOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Worker";

    /// <summary>Id of a model, <c>organisation/name</c>, to load at start: the worker is ready only once it is loaded. Not set, it loads a model with the first job.</summary>
    public string? Preload { get; init; }

    /// <summary>Several CUDA devices in place of <see cref="EngineOptions.Device"/>, by their indices with commas between, such as <c>0,1</c>. The worker takes a shard for each.</summary>
    public string? Devices { get; init; }

    /// <summary>Most models in memory, on each device; more only while all of them are in use.</summary>
    public int ModelsKept { get; init; } = 2;

    /// <summary>Most label sets whose embeddings are in memory; more only while all of them are in use.</summary>
    public int LabelSetsKept { get; init; } = 16;

    /// <summary>
    /// Seconds that a worker may hold a shard before it puts it back into the queue with what is done. It must be less than the broker's limit for an unacknowledged
    /// delivery, which is 30 minutes in RabbitMQ.
    /// </summary>
    public int HoldSeconds { get; init; } = 900;

    /// <summary>Least seconds between two checkpoints of a shard; a worker that dies loses about so much. 0 saves after each image.</summary>
    public double CheckpointSeconds { get; init; } = 2;

    /// <summary>Seconds that a stopping worker has to finish the images in its engine and to save the rest. Give its container 15 s more before it is killed.</summary>
    public int GraceSeconds { get; init; } = 60;

    /// <summary>Deliveries of a shard that end in a worker's death, without one more image done, before its images are labelled one by one to find the one that kills.</summary>
    public int DeathsBeforeCare { get; init; } = 2;

    /// <summary>
    /// Seconds that a worker has to show that it lives, before the image that it labelled alone is blamed for its death. Keep it above
    /// <see cref="EngineOptions.PictureSeconds"/> and the 5 seconds that a decoder has beyond them.
    /// </summary>
    public double QuarantineSeconds { get; init; } = 75;

    /// <inheritdoc />
    public override string SectionName => Section;

    /// <inheritdoc />
    protected override string? SeveralDevices => Devices;

    /// <inheritdoc />
    public override IEnumerable<(string Key, string Problem)> Problems() =>
    [
        .. base.Problems(),
        .. OutOfRange(
            (nameof(ModelsKept), ModelsKept, 1, 100), (nameof(LabelSetsKept), LabelSetsKept, 1, 10000), (nameof(HoldSeconds), HoldSeconds, 1, 1700), (nameof(CheckpointSeconds), CheckpointSeconds, 0, 600),
            (nameof(GraceSeconds), GraceSeconds, 1, 3600), (nameof(DeathsBeforeCare), DeathsBeforeCare, 1, 100), (nameof(QuarantineSeconds), QuarantineSeconds, 0, 600)),
    ];
}
