using System.Numerics.Tensors;
using Sclip.Segmentation;

namespace Sclip.Exploration;

/// <summary>
/// What the heat maps of one picture and method show: cosines, or what they are above the mean of all classes at the same pixel. That mean,
/// which says how much a pixel is like anything at all, drops out of the softmax, and yet is most of what plain cosines look like.
/// </summary>
internal sealed class ClassHeat
{
    private readonly DenseOutputs _output;
    private readonly float[] _mean;

    /// <param name="output">The picture by one method.</param>
    /// <param name="plain">Whether cosines are shown as they are.</param>
    public ClassHeat(DenseOutputs output, bool plain)
    {
        (_output, _mean) = (output, new float[output.Result.LabelMap.Length]);
        var classes = output.Result.PixelCounts.Length;
        if (plain)
            return;
        for (var label = 0; label < classes; label++)
            TensorPrimitives.Add(_mean, Cosines(label), _mean);
        TensorPrimitives.Divide(_mean, classes, _mean);
    }

    /// <summary>Values of a class, one a pixel of the label map.</summary>
    public float[] Of(int label)
    {
        var heat = new float[_mean.Length];
        TensorPrimitives.Subtract(Cosines(label), _mean, heat);
        return heat;
    }

    private ReadOnlySpan<float> Cosines(int label) => _output.Cosines.AsSpan(label * _mean.Length, _mean.Length);
}
