using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace Sclip.Hosting.Telemetry;

/// <summary>The program's own spans and instruments; names follow OpenTelemetry's conventions, units stand in the instruments.</summary>
public static class SclipTelemetry
{
    /// <summary>Name of the activity source and of the meters.</summary>
    public const string Name = "Sclip";

    /// <summary>Name of the meter of the engine on GPUs: memory, fill of batches and time by stage of each device.</summary>
    public const string DeviceName = "Sclip.Segmentation.TorchSharp";

    /// <summary>The program's version.</summary>
    // Behind '+' stands the commit, which is no part of it.
    public static string Version { get; } = typeof(SclipTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static readonly Meter Meter = new(Name);

    /// <summary>Spans: <c>submit</c>, <c>shard</c>, and per image <c>fetch</c>, <c>decode</c>, <c>segment</c>, <c>encode</c>, per shard <c>commit</c>.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Images that ended, by <c>sclip.status</c> (ok, failed) and <c>sclip.reason</c> (a kind of failure).</summary>
    public static Counter<long> Images { get; } = Meter.CreateCounter<long>("sclip.images", "{image}", "Images that were labelled or failed.");

    /// <summary>Threads that are lost to the process: their decoders do not come back.</summary>
    public static Counter<long> LostThreads { get; } = Meter.CreateCounter<long>("sclip.threads.lost", "{thread}", "Threads lost to decoders that do not come back.");

    /// <summary>Windows that went through the model.</summary>
    public static Counter<long> Windows { get; } = Meter.CreateCounter<long>("sclip.windows", "{window}", "Windows that were computed.");

    /// <summary>Bytes of features that were kept.</summary>
    public static Counter<long> FeaturesKept { get; } = Meter.CreateCounter<long>("sclip.features.kept", "By", "Bytes of features that were kept.");

    /// <summary>Seconds of a stage for one image, by <c>sclip.stage</c> (fetch, decode, segment, encode, upload), or for a shard (commit).</summary>
    public static Histogram<double> StageDuration { get; } = Meter.CreateHistogram(
        "sclip.stage.duration", "s", "Time of a stage.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100] });

    /// <summary>Images that shared a call of the engine.</summary>
    public static Histogram<int> BatchFill { get; } = Meter.CreateHistogram(
        "sclip.batch.fill", "{image}", "Images that shared a call of the engine.", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 3, 4, 8, 16, 32, 64] });

    /// <summary>Seconds between a shard's enqueueing and its delivery, by <c>sclip.queue</c>.</summary>
    public static Histogram<double> ShardAge { get; } = Meter.CreateHistogram(
        "sclip.shard.age", "s", "Time from a shard's enqueueing to its delivery.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 10, 60, 300, 1800, 3600, 14400, 86400] });

    /// <summary>Seconds that a shard was in work in one delivery.</summary>
    public static Histogram<double> ShardDuration { get; } = Meter.CreateHistogram(
        "sclip.shard.duration", "s", "Time that a delivery of a shard took.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 3, 10, 30, 60, 120, 300, 600, 1800] });

    /// <summary>Deliveries that ended, by <c>sclip.outcome</c>.</summary>
    public static Counter<long> Shards { get; } = Meter.CreateCounter<long>("sclip.shards", "{shard}", "Deliveries of shards that ended.");

    /// <summary>Shards that were delivered again after a delivery without a result.</summary>
    public static Counter<long> Redeliveries { get; } = Meter.CreateCounter<long>("sclip.shard.redeliveries", "{shard}", "Deliveries of shards that an earlier delivery left unfinished.");

    /// <summary>Shards in work.</summary>
    public static UpDownCounter<long> InFlight { get; } = Meter.CreateUpDownCounter<long>("sclip.shards.in_flight", "{shard}", "Shards in work.");
}
