using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.Eva;

/// <summary>
/// A block of EVA02-CLIP (arXiv 2303.15389): x + attention(norm1(x)), then x + mlp(norm2(x)), with a norm of its own inside both (sub-layer norm). Queries
/// and values have a bias, keys have none. mlp(y) = w3 ffn_ln(silu(w1 y) * w2 y).
/// </summary>
internal sealed class EvaBlock
{
    private readonly int _heads;
    private readonly NormLayer _norm1, _innerNorm, _norm2, _mlpNorm;
    private readonly LinearLayer _query, _key, _value, _out, _w1, _w2, _w3;

    /// <param name="layers">The checkpoint.</param>
    /// <param name="prefix">What the names of its tensors begin with.</param>
    /// <param name="config">The sizes.</param>
    public EvaBlock(SystemLayers layers, string prefix, TransformerConfig config)
    {
        var (width, hidden, attention, mlp) = (config.Width, config.Hidden, $"{prefix}.attn", $"{prefix}.mlp");
        var headSize = width / config.Heads;
        _heads = config.Heads;
        _norm1 = layers.Norm($"{prefix}.norm1", width, config.Epsilon);
        _query = layers.Linear(
            RotaryPositions.PairsApart(layers.Tensors.Read($"{attention}.q_proj.weight", width, width), width, headSize), width, width,
            RotaryPositions.PairsApart(layers.Tensors.Read($"{attention}.q_bias", width), 1, headSize));
        _key = layers.Linear(RotaryPositions.PairsApart(layers.Tensors.Read($"{attention}.k_proj.weight", width, width), width, headSize), width, width, bias: null);
        _value = layers.Linear(layers.Tensors.Read($"{attention}.v_proj.weight", width, width), width, width, layers.Tensors.Read($"{attention}.v_bias", width));
        _innerNorm = layers.Norm($"{attention}.inner_attn_ln", width, config.Epsilon);
        _out = layers.Linear($"{attention}.proj", width, width);
        _norm2 = layers.Norm($"{prefix}.norm2", width, config.Epsilon);
        _w1 = layers.Linear($"{mlp}.w1", hidden, width);
        _w2 = layers.Linear($"{mlp}.w2", hidden, width);
        _mlpNorm = layers.Norm($"{mlp}.ffn_ln", hidden, config.Epsilon);
        _w3 = layers.Linear($"{mlp}.w3", width, hidden);
    }

    /// <summary>The block as it was trained, x <c>[1 + patches, width]</c>.</summary>
    public Matrix Apply(Matrix x, RotaryPositions positions)
    {
        var y = _norm1.Apply(x);
        return Finish(x, MultiHeadAttention.Context(_query.Apply(y), _key.Apply(y), _value.Apply(y), _heads, positions.Turn));
    }

    /// <summary>The block with every token taking its own value.</summary>
    public Matrix ApplyToValues(Matrix x) => Finish(x, _value.Apply(_norm1.Apply(x)));

    private Matrix Finish(Matrix x, Matrix context)
    {
        x += _out.Apply(_innerNorm.Apply(context));
        var y = _norm2.Apply(x);
        return x + _w3.Apply(_mlpNorm.Apply(_w1.Apply(y).Apply(MatrixFunction.Silu) & _w2.Apply(y)));
    }
}
