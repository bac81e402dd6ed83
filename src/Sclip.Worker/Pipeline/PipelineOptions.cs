using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Worker.Pipeline;

/// <summary>How pictures pass through the pipeline.</summary>
public sealed record PipelineOptions
{
    private const int MostPicturesAtOnce = 4;

    /// <summary>What the engine does.</summary>
    public required SegmentationOptions Segmentation { get; init; }

    /// <summary>Short side in pixels that pictures are resized to; 0 leaves them as they are.</summary>
    public int ShortSide { get; init; } = 336;

    /// <summary>What a picture may be at most.</summary>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>Whether overlays are written.</summary>
    public bool Overlay { get; init; }

    /// <summary>Whether class scores are written.</summary>
    public bool Scores { get; init; }

    /// <summary>Pictures that are in one stage at the same time: a few keep any engine busy, and each may be large.</summary>
    public int Parallelism { get; init; } = Math.Min(Environment.ProcessorCount, MostPicturesAtOnce);

    /// <summary>Waits for the engine, where several pipelines share one; what it returns gives the engine back.</summary>
    public Func<CancellationToken, ValueTask<IDisposable?>> EnterEngineAsync { get; init; } = _ => ValueTask.FromResult<IDisposable?>(null);
}
