using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>A block of OpenAI's CLIP under its names: x + attention(ln_1(x)), then x + mlp(ln_2(x)), with QuickGELU.</summary>
internal sealed class ClipBlock
{
    private const float Epsilon = 1e-5f;

    private readonly int _heads, _width;
    private readonly NormLayer _norm1, _norm2;
    private readonly LinearLayer _qkv, _value, _out, _fc, _projection;

    /// <param name="layers">The checkpoint.</param>
    /// <param name="prefix">What the names of its tensors begin with.</param>
    /// <param name="width">Width of a token; the hidden layer has four times that.</param>
    /// <param name="heads">Attention heads.</param>
    public ClipBlock(SystemLayers layers, string prefix, int width, int heads)
    {
        (_width, _heads) = (width, heads);
        var (weight, bias) = (layers.Tensors.Read($"{prefix}.attn.in_proj_weight", 3 * width, width), layers.Tensors.Read($"{prefix}.attn.in_proj_bias", 3 * width));
        _norm1 = layers.Norm($"{prefix}.ln_1", width, Epsilon);
        _qkv = layers.Linear(weight, 3 * width, width, bias);
        _value = layers.Linear(weight[(2 * width * width)..], width, width, bias[(2 * width)..]);
        _out = layers.Linear($"{prefix}.attn.out_proj", width, width);
        _norm2 = layers.Norm($"{prefix}.ln_2", width, Epsilon);
        _fc = layers.Linear($"{prefix}.mlp.c_fc", 4 * width, width);
        _projection = layers.Linear($"{prefix}.mlp.c_proj", width, 4 * width);
    }

    /// <summary>The block as it was trained, x <c>[tokens, width]</c>.</summary>
    public Matrix Apply(Matrix x)
    {
        var qkv = _qkv.Apply(_norm1.Apply(x));
        return Finish(x, HeadsOfAttention.Attend(qkv.ColumnRange(0, _width), qkv.ColumnRange(_width, _width), qkv.ColumnRange(2 * _width, _width), _heads));
    }

    /// <summary>The block with every token taking its own value, as in MaskCLIP; residual and MLP stay.</summary>
    public Matrix ApplyToValues(Matrix x) => Finish(x, _value.Apply(_norm1.Apply(x)));

    private Matrix Finish(Matrix x, Matrix context)
    {
        x += _out.Apply(context);
        return x + _projection.Apply(_fc.Apply(_norm2.Apply(x)).Apply(MatrixFunction.QuickGelu));
    }
}
