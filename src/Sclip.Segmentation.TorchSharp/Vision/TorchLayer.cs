using static global::TorchSharp.torch;
using static global::TorchSharp.torch.nn;

namespace Sclip.Segmentation.TorchSharp.Vision;

/// <summary>
/// One transformer block on the device: x + attention(norm1(x)), then x + mlp(norm2(x)), x being <c>[windows, tokens, width]</c> in 32
/// bits, the products in the weights' precision.
/// </summary>
internal sealed class TorchLayer
{
    // x sigmoid(1.702 x) is silu(1.702 x) / 1.702: both factors go into the weights, and one fused kernel is left of four.
    public const float QuickGelu = 1.702f;

    private readonly Tensor _norm1Weight, _norm1Bias, _norm2Weight, _norm2Bias, _qkv, _qkvBias, _out, _outBias, _fc1, _fc1Bias, _fc2, _fc2Bias;
    private readonly TransformerConfig _config;
    private readonly ScalarType _type;

    public TorchLayer(Weights weights, string prefix, TransformerConfig config)
    {
        (_config, _type) = (config, weights.Type);
        var (width, hidden) = (config.Width, config.Hidden);
        (_norm1Weight, _norm1Bias) = (weights.Exact($"{prefix}.layer_norm1.weight", width), weights.Exact($"{prefix}.layer_norm1.bias", width));
        (_norm2Weight, _norm2Bias) = (weights.Exact($"{prefix}.layer_norm2.weight", width), weights.Exact($"{prefix}.layer_norm2.bias", width));
        string[] projections = [$"{prefix}.self_attn.q_proj", $"{prefix}.self_attn.k_proj", $"{prefix}.self_attn.v_proj"];
        _qkv = weights.Stack([.. projections.Select(name => $"{name}.weight")], width, width);
        _qkvBias = weights.Stack([.. projections.Select(name => $"{name}.bias")], width);
        (_out, _outBias) = (weights.Matrix($"{prefix}.self_attn.out_proj.weight", 1, width, width), weights.Matrix($"{prefix}.self_attn.out_proj.bias", 1, width));
        var factor = config.Activation == Activation.QuickGelu ? QuickGelu : 1;
        (_fc1, _fc1Bias) = (weights.Matrix($"{prefix}.mlp.fc1.weight", factor, hidden, width), weights.Matrix($"{prefix}.mlp.fc1.bias", factor, hidden));
        (_fc2, _fc2Bias) = (weights.Matrix($"{prefix}.mlp.fc2.weight", 1 / factor, width, hidden), weights.Matrix($"{prefix}.mlp.fc2.bias", 1, width));
    }

    private int HeadDimension => _config.Width / _config.Heads;

    /// <summary>norm1(x), in the products' precision.</summary>
    public Tensor Norm1(Tensor x) => Norm(x, _norm1Weight, _norm1Bias);

    /// <summary>The queries, keys and values of a normalised input, each <c>[windows, heads, tokens, head_dim]</c>.</summary>
    public (Tensor Query, Tensor Key, Tensor Value) Qkv(Tensor normed)
    {
        var all = ProjectQkv(normed).view(normed.shape[0], normed.shape[1], 3, _config.Heads, HeadDimension).permute(2, 0, 3, 1, 4);
        return (all[0], all[1], all[2]);
    }

    /// <summary>The same side by side, <c>[*, 3 width]</c>, of rows <c>[*, width]</c>.</summary>
    public Tensor ProjectQkv(Tensor normed) => functional.linear(normed, _qkv, _qkvBias);

    /// <summary><c>[windows, tokens, width]</c> cut into heads.</summary>
    public Tensor Heads(Tensor rows) => rows.view(rows.shape[0], rows.shape[1], _config.Heads, HeadDimension).transpose(1, 2);

    /// <summary>The output projection of attention, <c>[windows, heads, tokens, head_dim]</c> to <c>[windows, tokens, width]</c>.</summary>
    public Tensor ProjectOut(Tensor context) => ProjectOutRows(context.transpose(1, 2).reshape(context.shape[0], context.shape[2], _config.Width));

    /// <summary>The same of contexts whose heads lie side by side, <c>[*, width]</c>.</summary>
    public Tensor ProjectOutRows(Tensor context) => functional.linear(context.to(_type), _out, _outBias);

    /// <summary>x += mlp(norm2(x)).</summary>
    public void AddMlp(Tensor x)
    {
        using var _ = NewDisposeScope();
        var hidden = functional.linear(Norm(x, _norm2Weight, _norm2Bias), _fc1, _fc1Bias);
        hidden = _config.Activation == Activation.QuickGelu ? functional.silu(hidden, inplace: true) : functional.gelu(hidden);
        x.add_(functional.linear(hidden, _fc2, _fc2Bias), Scalars.One);
    }

    /// <summary>An ordinary block, in place.</summary>
    public void Forward(Tensor x)
    {
        using (NewDisposeScope())
        {
            var (query, key, value) = Qkv(Norm1(x));
            x.add_(ProjectOut(functional.scaled_dot_product_attention(query, key, value)), Scalars.One);
        }
        AddMlp(x);
    }

    private Tensor Norm(Tensor x, Tensor weight, Tensor bias) => functional.layer_norm(x, [_config.Width], weight, bias, _config.Epsilon).to(_type);
}
