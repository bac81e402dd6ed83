using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.Tcl;

/// <summary>A norm, and a projection into the space of texts.</summary>
/// <param name="layers">The checkpoint.</param>
/// <param name="prefix">What the names of its tensors begin with.</param>
/// <param name="config">The sizes.</param>
internal sealed class TclProjection(SystemLayers layers, string prefix, TclConfig config)
{
    private readonly NormLayer _norm = layers.Norm($"{prefix}.ln", config.Width, TclConfig.Epsilon);
    private readonly LinearLayer _projection = layers.Linear(
        Transposed(layers.Tensors.Read($"{prefix}.proj", config.Width, config.EmbeddingSize), config.Width), config.EmbeddingSize, config.Width, bias: null);

    /// <summary>The cosines of tokens with names, <c>[tokens, names]</c>.</summary>
    /// <param name="x">Tokens, <c>[tokens, width]</c>.</param>
    /// <param name="names">The names' embeddings, of unit length, <c>[names, embedding size]</c>.</param>
    public Matrix Cosines(Matrix x, Matrix names) => _projection.Apply(_norm.Apply(x)).UnitRows().TimesTransposed(names);

    /// <summary>Weights that are stored as they are multiplied from the right, <c>[inputs, outputs]</c>, as <c>[outputs, inputs]</c>.</summary>
    private static float[] Transposed(float[] stored, int inputs)
    {
        var (weight, outputs) = (new float[stored.Length], stored.Length / inputs);
        for (var input = 0; input < inputs; input++)
            for (var output = 0; output < outputs; output++)
                weight[output * inputs + input] = stored[input * outputs + output];
        return weight;
    }
}
