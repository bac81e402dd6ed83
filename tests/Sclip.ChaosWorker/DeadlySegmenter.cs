using System.Diagnostics;
using System.Globalization;
using Sclip.Segmentation;
using Sclip.Worker.Engines;

namespace Sclip.ChaosWorker;

/// <summary>
/// The managed engine, slowed down by CHAOS_DELAY_MS for each picture, so that faults find work under way; given a picture of the size
/// CHAOS_POISON (WIDTHxHEIGHT) it kills the process at once, as a fault in native code or a lack of memory does; on one of the size
/// CHAOS_SLOW it spends CHAOS_SLOW_MS. At its call CHAOS_LOST_AT it loses its device.
/// </summary>
internal sealed class DeadlySegmenter(ISegmenter engine, TimeSpan delay, string? poison, string? slow, TimeSpan slowDelay, int lostAt) : ISegmenter
{
    private int _calls;

    public IReadOnlyList<SegmentationResult> Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default)
    {
        if (++_calls == lostAt)
            throw new DeviceLostException("an illegal memory access was encountered.");
        foreach (var picture in pictures)
        {
            var size = string.Create(CultureInfo.InvariantCulture, $"{picture.OutputWidth}x{picture.OutputHeight}");
            if (size == poison)
                Process.GetCurrentProcess().Kill();
            cancellationToken.WaitHandle.WaitOne(size == slow ? slowDelay : delay);
        }
        return engine.Segment(pictures, labels, options, cancellationToken);
    }

    public void Dispose() => engine.Dispose();
}

internal sealed class DeadlyDevice : IEngineDevice
{
    public string Name => "deadly";

    public string Description => "the managed engine, deadly";

    public EnginePrecision Precision => EnginePrecision.Float32;

    public bool PacksVision => true;

    public ISegmenter CreateSegmenter(ClipModel model) => new DeadlySegmenter(
        new ManagedSegmenter(model), Milliseconds("CHAOS_DELAY_MS"), Environment.GetEnvironmentVariable("CHAOS_POISON"), Environment.GetEnvironmentVariable("CHAOS_SLOW"), Milliseconds("CHAOS_SLOW_MS"), Number("CHAOS_LOST_AT"));

    private static TimeSpan Milliseconds(string variable) => TimeSpan.FromMilliseconds(Number(variable));

    private static int Number(string variable) => int.Parse(Environment.GetEnvironmentVariable(variable) ?? "0", CultureInfo.InvariantCulture);
}
