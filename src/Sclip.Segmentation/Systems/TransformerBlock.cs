using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>A transformer's block on matrices: x + attention(norm1(x)), then x + mlp(norm2(x)).</summary>
internal sealed record TransformerBlock(NormLayer Norm1, MultiHeadAttention Attention, NormLayer Norm2, Mlp Mlp)
{
    public Matrix Apply(Matrix x)
    {
        var normed = Norm1.Apply(x);
        return Finish(x, Attention.Apply(normed, normed));
    }

    /// <summary>Blocks one after the other; what each needs between is let go of behind it.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="x">What enters the first.</param>
    /// <param name="cancellationToken">Checked between them.</param>
    /// <param name="watch">Shown the tokens behind each block.</param>
    public static Matrix ApplyAll(ReadOnlySpan<TransformerBlock> blocks, Matrix x, CancellationToken cancellationToken, Action<Matrix>? watch = null)
    {
        foreach (var block in blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var before = x;
            x = x.Algebra.Keep(x.Rows, x.Columns, () => block.Apply(before));
            watch?.Invoke(x);
        }
        return x;
    }

    /// <summary>The block with each token taking its own value, as in MaskCLIP; residual and MLP stay.</summary>
    public Matrix ApplyToValues(Matrix x) => Finish(x, Attention.ApplyToValues(Norm1.Apply(x)));

    /// <summary>Reads a block as Hugging Face names its parts.</summary>
    public static TransformerBlock Load(SystemLayers layers, string name, TransformerConfig config) => new(
        layers.Norm($"{name}.layer_norm1", config.Width, config.Epsilon),
        MultiHeadAttention.Load(layers, $"{name}.self_attn", config.Width, config.Heads),
        layers.Norm($"{name}.layer_norm2", config.Width, config.Epsilon),
        Mlp.Load(layers, $"{name}.mlp", config.Width, config.Hidden, config.Width, config.Activation == Activation.Gelu ? MatrixFunction.Gelu : MatrixFunction.QuickGelu));

    private Matrix Finish(Matrix x, Matrix attended)
    {
        x += attended;
        return x + Mlp.Apply(Norm2.Apply(x));
    }
}
