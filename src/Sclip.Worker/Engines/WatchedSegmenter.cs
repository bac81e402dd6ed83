using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>An engine of which the worker is told at once when its device is lost.</summary>
internal sealed class WatchedSegmenter(ISegmenter engine, string device, DeviceHealth health) : ISegmenter
{
    public bool ResizesPictures => engine.ResizesPictures;

    public EnginePrecision Precision => engine.Precision;

    public int PicturesAtOnce => engine.PicturesAtOnce;

    public void Require(string method, bool keepsFeatures) => engine.Require(method, keepsFeatures);

    public IReadOnlyList<SegmentationResult> Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default)
    {
        try
        {
            return engine.Segment(pictures, labels, options, cancellationToken);
        }
        catch (DeviceLostException error)
        {
            health.Lose(device, error.Message);
            throw;
        }
    }

    public void Dispose() => engine.Dispose();
}
