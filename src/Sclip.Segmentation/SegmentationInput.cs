namespace Sclip.Segmentation;

/// <summary>A picture to label: upright RGB, in the size that the model is to see, or to be resized to it.</summary>
public sealed class SegmentationInput
{
    /// <summary>Interleaved 8-bit RGB, <c>[Height, Width, 3]</c>, rows without padding.</summary>
    public required ReadOnlyMemory<byte> Rgb { get; init; }

    /// <summary>Width in pixels of <see cref="Rgb"/>.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels of <see cref="Rgb"/>.</summary>
    public required int Height { get; init; }

    /// <summary>
    /// Width in pixels to which the segmenter is to resize the picture before the model sees it, bilinear without antialiasing and rounded
    /// to 8 bits; 0 where <see cref="Rgb"/> has that size. Only for segmenters that resize (<see cref="ISegmenter.ResizesPictures"/>).
    /// </summary>
    public int ModelWidth { get; init; }

    /// <summary>Height in pixels likewise.</summary>
    public int ModelHeight { get; init; }

    /// <summary>Width in pixels of the label map: that of the original picture.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>Height in pixels of the label map: that of the original picture.</summary>
    public required int OutputHeight { get; init; }

    /// <summary>Whether the result is to have the doubt of each pixel.</summary>
    public bool DoubtMap { get; init; }

    /// <summary>Receives the features as they are computed; null where they are not wanted.</summary>
    public IFeatureSink? Features { get; init; }

    /// <summary>Receives the class scores as they are computed; null where they are not wanted.</summary>
    public IScoreSink? Scores { get; init; }
}
