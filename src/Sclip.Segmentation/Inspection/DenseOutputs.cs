namespace Sclip.Segmentation;

/// <summary>What the labels of a picture are made of.</summary>
public sealed class DenseOutputs
{
    /// <summary>The labels.</summary>
    public required SegmentationResult Result { get; init; }

    /// <summary>
    /// For each class and pixel of the label map the cosine of the best of the class's names, averaged over the windows, before any
    /// scaling or refinement: <c>[classes, Result.Height, Result.Width]</c>.
    /// </summary>
    public required float[] Cosines { get; init; }

    /// <summary>
    /// Dense features of the picture's patches, row by row, <c>[GridHeight * GridWidth, Dimension]</c>: the mean over the windows on a patch of
    /// their features of unit length, so that a row times a label embedding is the patch's cosine with it.
    /// </summary>
    public required float[] Features { get; init; }

    /// <summary>Rows of patches in the resized picture; a rest at the bottom that fills none is left out.</summary>
    public required int GridHeight { get; init; }

    /// <summary>Patches in a row likewise.</summary>
    public required int GridWidth { get; init; }

    /// <summary>Width of a feature: the model's shared embedding space.</summary>
    public required int Dimension { get; init; }
}
