using System.Diagnostics;
using System.Globalization;
using Sclip.Segmentation;
using Sclip.Worker.Engines;

namespace Sclip.ChaosWorker;

/// <summary>
/// The managed engine, slowed down by CHAOS_DELAY_MS for each picture, so that faults find work under way; given a picture of the size
/// CHAOS_POISON (WIDTHxHEIGHT) it kills the process at once, as a fault in native code or a lack of memory does.
/// </summary>
internal sealed class DeadlySegmenter(ISegmenter engine, TimeSpan delay, string? poison) : ISegmenter
{
    public IReadOnlyList<SegmentationResult> Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default)
    {
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

    public bool PacksVision => true;

    public ISegmenter CreateSegmenter(ClipModel model)
    {
        var delay = int.Parse(Environment.GetEnvironmentVariable("CHAOS_DELAY_MS") ?? "0", CultureInfo.InvariantCulture);
        return new DeadlySegmenter(new ManagedSegmenter(model), TimeSpan.FromMilliseconds(delay), Environment.GetEnvironmentVariable("CHAOS_POISON"));
    }
}
