using Sclip.Hosting.Configuration;
using Sclip.Imaging;
using Sclip.Worker.Engines;

namespace Sclip.Worker;

/// <summary>How a worker works.</summary>
public sealed record WorkerOptions : IValidatableOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Worker";

    /// <summary>A folder of models, <c>organisation/name</c> or <c>organisation--name</c> in it; looked into before the cache of pulled models.</summary>
    public string? ModelFolder { get; init; }

    /// <summary>Whether models that are not there are pulled from the hub.</summary>
    public bool PullModels { get; init; } = true;

    /// <summary>A model to load at start: the worker is ready only once it is there; null waits for the first job.</summary>
    public string? Preload { get; init; }

    /// <summary>What to compute on: <c>auto</c>, <c>cuda</c>, <c>cuda:N</c>, <c>cpu</c> or <c>torch-cpu</c>; null is <c>auto</c>.</summary>
    public string? Device { get; init; }

    /// <summary>Several CUDA devices instead, by their indices, as in <c>0,1</c>: each works at a shard of its own.</summary>
    public string? Devices { get; init; }

    /// <summary>Number format: <c>fp32</c>, <c>bf16</c>, <c>fp16</c>; null or <c>auto</c> leaves it to the device, which is 16 bits on a GPU and fp32 on the CPU.</summary>
    public string? Precision { get; init; }

    /// <summary>Windows that share a forward pass; null or <c>auto</c> leaves it to the engine.</summary>
    public string? Batch { get; init; }

    /// <summary>Most models in memory, on each device; more only while all of them are in use.</summary>
    public int ModelsKept { get; init; } = 2;

    /// <summary>Most embedded label sets in memory; more only while all of them are in use.</summary>
    public int LabelSetsKept { get; init; } = 16;

    /// <summary>Threads that compute.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Images larger than this many pixels fail.</summary>
    public long MaxPixels { get; init; } = ImageLimits.Default.MaxPixels;

    /// <summary>Images of more bytes fail.</summary>
    public long MaxFileBytes { get; init; } = ImageLimits.Default.MaxFileBytes;

    /// <summary>
    /// Seconds that the decoding of an image may take; then it fails, and where its decoder does not come back the worker ends to be started anew.
    /// </summary>
    public int PictureSeconds { get; init; } = 60;

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
    /// has (<see cref="PictureSeconds"/> and its grace).
    /// </summary>
    public double QuarantineSeconds { get; init; } = 75;

    /// <summary>The device and how it is to compute, as the settings ask for it.</summary>
    /// <exception cref="ConfigurationException">The settings are among the <see cref="Problems"/>.</exception>
    public DeviceRequest DeviceRequest() => Engines.DeviceRequest.TryParse(Device, Devices, Precision, Batch, out var request, out var refusal)
        ? request
        : throw new ConfigurationException($"{SclipOptions.Shown(Section, refusal.Key)} {refusal.Problem}");

    /// <inheritdoc />
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        foreach (var (key, value, least, most) in new (string, double, double, double)[]
        {
            (nameof(ModelsKept), ModelsKept, 1, 100), (nameof(LabelSetsKept), LabelSetsKept, 1, 10000), (nameof(Threads), Threads, 1, 1024),
            (nameof(MaxPixels), MaxPixels, 1, long.MaxValue), (nameof(MaxFileBytes), MaxFileBytes, 1, long.MaxValue), (nameof(PictureSeconds), PictureSeconds, 1, 600), (nameof(HoldSeconds), HoldSeconds, 1, 1700),
            (nameof(CheckpointSeconds), CheckpointSeconds, 0, 600), (nameof(GraceSeconds), GraceSeconds, 1, 3600), (nameof(DeathsBeforeCare), DeathsBeforeCare, 1, 100),
            (nameof(QuarantineSeconds), QuarantineSeconds, 0, 600),
        })
            if (!(value >= least && value <= most))
                yield return (key, FormattableString.Invariant($"is {value}: it must lie in {least}..{most}."));
        if (!Engines.DeviceRequest.TryParse(Device, Devices, Precision, Batch, out _, out var refusal))
            yield return refusal;
        if (ModelFolder is { Length: > 0 } folder && !Directory.Exists(folder))
            yield return (nameof(ModelFolder), $"is {folder}: there is no such folder.");
    }
}
