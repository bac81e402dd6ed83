using System.Numerics.Tensors;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Systems;

namespace Sclip.Segmentation.Guides;

/// <summary>
/// A block of a guide: x + attention(norm1(x)), then x + mlp(norm2(x)). DINOv2 scales what is added by a factor a column; those factors are a part of the
/// weights here that come before them.
/// </summary>
internal sealed class GuideBlock : IDisposable
{
    private readonly GuideConfig _config;
    private readonly NormLayer _norm1, _norm2;
    private readonly LinearLayer _qkv, _out, _fc1, _fc2;

    /// <param name="tensors">The guide's weights.</param>
    /// <param name="config">Its architecture.</param>
    /// <param name="block">The block, counted from 0.</param>
    /// <param name="layers">Brings weights to where they are needed.</param>
    public GuideBlock(SafeTensors tensors, GuideConfig config, int block, ILayerFactory layers)
    {
        _config = config;
        var (width, hidden, prefix, isVit) = (config.Width, config.Hidden, $"encoder.layer.{block}", config.Kind == GuideKind.Vit);
        var (first, second) = config.IsSwiGlu ? ("mlp.weights_in", "mlp.weights_out") : isVit ? ("intermediate.dense", "output.dense") : ("mlp.fc1", "mlp.fc2");
        _norm1 = Norm(isVit ? "layernorm_before" : "norm1");
        _norm2 = Norm(isVit ? "layernorm_after" : "norm2");
        string[] parts = ["query", "key", "value"];
        _qkv = layers.Linear(
            [.. parts.SelectMany(part => tensors.Read($"{prefix}.attention.attention.{part}.weight", width, width))], 3 * width, width,
            config.HasQkvBias ? [.. parts.SelectMany(part => tensors.Read($"{prefix}.attention.attention.{part}.bias", width))] : null);
        _out = Linear("attention.output.dense", width, width, isVit ? null : "layer_scale1");
        _fc1 = Linear(first, config.IsSwiGlu ? 2 * hidden : hidden, width, null);
        _fc2 = Linear(second, width, hidden, isVit ? null : "layer_scale2");

        NormLayer Norm(string name) =>
            layers.Norm(tensors.Read($"{prefix}.{name}.weight", width), tensors.Read($"{prefix}.{name}.bias", width), config.Epsilon);

        LinearLayer Linear(string name, int outputs, int inputs, string? scale)
        {
            var (weight, bias) = (tensors.Read($"{prefix}.{name}.weight", outputs, inputs), tensors.Read($"{prefix}.{name}.bias", outputs));
            if (scale is not null)
            {
                var factors = tensors.Read($"{prefix}.{scale}.lambda1", outputs);
                for (var i = 0; i < outputs; i++)
                    TensorPrimitives.Multiply(weight.AsSpan(i * inputs, inputs), factors[i], weight.AsSpan(i * inputs, inputs));
                TensorPrimitives.Multiply(bias, factors, bias);
            }
            return layers.Linear(weight, outputs, inputs, bias);
        }
    }

    /// <summary>The block's output, of its input <c>[tokens, width]</c>.</summary>
    public Matrix Apply(Matrix x)
    {
        var y = x + _out.Apply(Attend(x));
        return y + _fc2.Apply(Activate(_fc1.Apply(_norm2.Apply(y))));
    }

    /// <summary>The values of its attention, of its input: heads side by side, <c>[tokens, width]</c>.</summary>
    public Matrix Values(Matrix x) => Qkv(x).ColumnRange(2 * _config.Width, _config.Width);

    public void Dispose()
    {
        foreach (var layer in (IDisposable[])[_norm1, _norm2, _qkv, _out, _fc1, _fc2])
            layer.Dispose();
    }

    private Matrix Attend(Matrix x)
    {
        var (qkv, width) = (Qkv(x), _config.Width);
        return MultiHeadAttention.Context(qkv.ColumnRange(0, width), qkv.ColumnRange(width, width), qkv.ColumnRange(2 * width, width), _config.Heads);
    }

    private Matrix Qkv(Matrix x) => _qkv.Apply(_norm1.Apply(x));

    private Matrix Activate(Matrix hidden) => _config.IsSwiGlu
        ? hidden.ColumnRange(0, _config.Hidden).Apply(MatrixFunction.Silu) & hidden.ColumnRange(_config.Hidden, _config.Hidden)
        : hidden.Apply(_config.Activation == Activation.Gelu ? MatrixFunction.Gelu : MatrixFunction.QuickGelu);
}
