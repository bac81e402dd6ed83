namespace Sclip.Segmentation;

/// <summary>The labels of one picture.</summary>
public sealed class SegmentationResult
{
    /// <summary>Width of the label map in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the label map in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Class index per pixel, <c>[Height, Width]</c>.</summary>
    public required ushort[] LabelMap { get; init; }

    /// <summary>Pixels of each class, <c>[classes]</c>; their sum is Height x Width.</summary>
    public required long[] PixelCounts { get; init; }

    /// <summary>Mean over the pixels of each class of the score that won there, 0..1, <c>[classes]</c>; 0 for an absent class.</summary>
    public required double[] ClassConfidences { get; init; }

    /// <summary>Mean over all pixels of the score that won there, 0..1.</summary>
    public required double MeanConfidence { get; init; }

    /// <summary>Windows that were computed for this picture.</summary>
    public required int Windows { get; init; }
}
