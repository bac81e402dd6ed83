using System.Diagnostics;
using System.Globalization;
using Sclip.Segmentation;
using Sclip.Worker.Engines;

namespace Sclip.ChaosWorker;

/// <summary>
/// The managed engine, slowed down by CHAOS_DELAY_MS for each picture, so that faults find work under way; given a picture of the size
/// CHAOS_POISON (WIDTHxHEIGHT) it kills the process at once, as a fault in native code or a lack of memory does. At its call CHAOS_LOST_AT
/// it loses its device.
/// </summary>
internal sealed class DeadlySegmenter(ISegmenter engine, TimeSpan delay, string? poison, int lostAt) : ISegmenter
{
    private int _calls;

    public IReadOnlyList<SegmentationResult> Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default)
    {
        if (++_calls == lostAt)
            throw new DeviceLostException("an illegal memory access was encountered.");
        foreach (var picture in pictures)
        {
            if (string.Create(CultureInfo.InvariantCulture, $"{picture.OutputWidth}x{picture.OutputHeight}") == poison)
                Process.GetCurrentProcess().Kill();
            cancellationToken.WaitHandle.WaitOne(delay);
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

    public ISegmenter CreateSegmenter(ClipModel model)
    {
        return new DeadlySegmenter(
            new ManagedSegmenter(model), TimeSpan.FromMilliseconds(Number("CHAOS_DELAY_MS")), Environment.GetEnvironmentVariable("CHAOS_POISON"), Number("CHAOS_LOST_AT"));
    }

    private static int Number(string variable) => int.Parse(Environment.GetEnvironmentVariable(variable) ?? "0", CultureInfo.InvariantCulture);
}
