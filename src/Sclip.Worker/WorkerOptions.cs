using Sclip.Worker.Engines;

namespace Sclip.Worker;

/// <summary>How a worker works.</summary>
public sealed record WorkerOptions : EngineOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Worker";

    /// <summary>A model to load at start: the worker is ready only once it is there; null waits for the first job.</summary>
    public string? Preload { get; init; }

    /// <summary>Several CUDA devices instead, by their indices, as in <c>0,1</c>: each works at a shard of its own.</summary>
    public string? Devices { get; init; }

    /// <summary>Most models in memory, on each device; more only while all of them are in use.</summary>
    public int ModelsKept { get; init; } = 2;

    /// <summary>Most embedded label sets in memory; more only while all of them are in use.</summary>
    public int LabelSetsKept { get; init; } = 16;

    /// <summary>
    /// Seconds after which a shard is put back into the queue with what is done of it: brokers take back deliveries that are not
    /// acknowledged for long (RabbitMQ after 30 minutes).
    /// </summary>
    public int HoldSeconds { get; init; } = 900;

    /// <summary>Least seconds between two checkpoints of a shard.</summary>
    public double CheckpointSeconds { get; init; } = 2;

    /// <summary>Seconds that a stopping worker may take to finish what is in the engine and to save the rest.</summary>
    public int GraceSeconds { get; init; } = 60;

    /// <summary>Deliveries that end without a word, and without one more image done, before a shard's images are taken one by one.</summary>
    public int DeathsBeforeCare { get; init; } = 2;

    /// <summary>
    /// Seconds that a worker is given to show that it lives, before the image that it was at alone is taken for what killed it: longer than a decoder
    /// has (<see cref="EngineOptions.PictureSeconds"/> and its grace).
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
