using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.Tcl;

/// <summary>u + tanh(gate) conv(gelu(norm(u))), the norm over the channels.</summary>
/// <param name="layers">The checkpoint.</param>
/// <param name="prefix">What the names of its tensors begin with.</param>
/// <param name="config">Sizes of the tokens.</param>
internal sealed class GatedConvolution(SystemLayers layers, string prefix, TransformerConfig config)
{
    private readonly NormLayer _norm = layers.Norm($"{prefix}.norm", config.Width, config.Epsilon);
    private readonly Convolution _convolution = Convolution.Load(layers, $"{prefix}.conv", config.Width, config.Width);
    private readonly float _gate = MathF.Tanh(layers.Tensors.Read($"{prefix}.gate.gate")[0]);

    /// <summary>Changes u <c>[height * width, channels]</c> in place.</summary>
    public void Apply(Matrix u, int gridHeight, int gridWidth)
    {
        using var scope = u.Algebra.Scope();
        u.Set(u + _gate * _convolution.Apply(_norm.Apply(u).Apply(MatrixFunction.Gelu), gridHeight, gridWidth));
    }
}
