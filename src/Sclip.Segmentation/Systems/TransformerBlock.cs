using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>A transformer's block on matrices: x + attention(norm1(x)), then x + mlp(norm2(x)).</summary>
internal sealed record TransformerBlock(NormLayer Norm1, MultiHeadAttention Attention, NormLayer Norm2, Mlp Mlp)
{
    public Matrix Apply(Matrix x)
    {
        var normed = Norm1.Apply(x);
        x += Attention.Apply(normed, normed);
        return x + Mlp.Apply(Norm2.Apply(x));
    }

    /// <summary>Reads a block as Hugging Face names its parts.</summary>
    public static TransformerBlock Load(SystemLayers layers, string name, TransformerConfig config) => new(
        layers.Norm($"{name}.layer_norm1", config.Width, config.Epsilon),
        MultiHeadAttention.Load(layers, $"{name}.self_attn", config.Width, config.Heads),
        layers.Norm($"{name}.layer_norm2", config.Width, config.Epsilon),
        Mlp.Load(layers, $"{name}.mlp", config.Width, config.Hidden, config.Width, config.Activation == Activation.Gelu ? MatrixFunction.Gelu : MatrixFunction.QuickGelu));
}
