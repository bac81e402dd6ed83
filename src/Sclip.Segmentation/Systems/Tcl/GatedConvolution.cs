using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.Tcl;

/// <summary>u + tanh(gate) conv(gelu(norm(u))), the norm over the channels.</summary>
/// <param name="layers">The checkpoint.</param>
/// <param name="prefix">What the names of its tensors begin with.</param>
/// <param name="width">Channels.</param>
internal sealed class GatedConvolution(SystemLayers layers, string prefix, int width)
{
    private readonly NormLayer _norm = layers.Norm($"{prefix}.norm", width, TclConfig.Epsilon);
    private readonly Convolution _convolution = Convolution.Load(layers, $"{prefix}.conv", width, width);
    private readonly float _gate = MathF.Tanh(layers.Tensors.Read($"{prefix}.gate.gate")[0]);

    /// <summary>Changes u <c>[height * width, channels]</c> in place.</summary>
    public void Apply(Matrix u, int gridHeight, int gridWidth)
    {
        using var scope = u.Algebra.Scope();
        u.Set(u + _gate * _convolution.Apply(_norm.Apply(u).Apply(MatrixFunction.Gelu), gridHeight, gridWidth));
    }
}
