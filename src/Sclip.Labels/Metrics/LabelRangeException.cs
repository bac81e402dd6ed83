namespace Sclip.Labels;

/// <summary>A label that is no class.</summary>
/// <param name="pixel">Index of its pixel.</param>
/// <param name="label">The label, as it was given.</param>
/// <param name="inTruth">Whether the ground truth holds it; else the prediction.</param>
/// <param name="classes">Number of classes.</param>
public sealed class LabelRangeException(int pixel, ushort label, bool inTruth, int classes)
    : ArgumentException($"Pixel {pixel} of the {(inTruth ? "ground truth" : "prediction")} is labelled {label}; there are {classes} classes.")
{
    /// <summary>Index of its pixel.</summary>
    public int Pixel { get; } = pixel;

    /// <summary>The label, as it was given.</summary>
    public ushort Label { get; } = label;

    /// <summary>Whether the ground truth holds it; else the prediction.</summary>
    public bool InTruth { get; } = inTruth;
}
