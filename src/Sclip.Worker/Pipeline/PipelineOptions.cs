using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Worker.Pipeline;

/// <summary>How pictures pass through the pipeline.</summary>
public sealed record PipelineOptions
{
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

    /// <summary>Pictures that are decoded, or encoded, at the same time.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;
}
