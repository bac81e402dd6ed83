using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>An engine of which the worker is told at once when its device is lost.</summary>
internal sealed class WatchedSegmenter(ISegmenter engine, ClipModel model, string device, DeviceHealth health) : ISegmenter
{
    public bool ResizesPictures => engine.ResizesPictures;

    public EnginePrecision Precision => engine.Precision;

    public int PicturesAtOnce => engine.PicturesAtOnce;

    // The model alone tells, whichever the engine is.
    public void Require(SegmentationOptions options, bool keepsFeatures) => options.Validate(model, keepsFeatures);

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
