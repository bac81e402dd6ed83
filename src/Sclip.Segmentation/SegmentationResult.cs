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

    /// <summary>
    /// Mean over the pixels of each class of their doubt, 0..1, <c>[classes]</c>; 0 for an absent class, and where there is one class alone. A pixel's
    /// doubt is 1 where the next class is as likely, and falls with the fourth root of how much likelier the best one is.
    /// </summary>
    public required double[] ClassDoubts { get; init; }

    /// <summary>Mean over all pixels of their doubt, 0..1: what finds the pictures that are labelled badly, far better than <see cref="MeanConfidence"/>.</summary>
    public required double Doubt { get; init; }

    /// <summary>The doubt of each pixel, <c>[Height, Width]</c>, 255 for 1; null where it was not asked for.</summary>
    public byte[]? DoubtMap { get; init; }

    /// <summary>Windows that were computed for this picture.</summary>
    public required int Windows { get; init; }
}
