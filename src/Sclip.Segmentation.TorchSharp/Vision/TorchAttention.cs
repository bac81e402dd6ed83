using global::TorchSharp;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Vision;
using static global::TorchSharp.torch;
using static global::TorchSharp.torch.nn;

namespace Sclip.Segmentation.TorchSharp.Vision;

/// <summary>
/// A dense method on the device: each term share * softmax(a bT) v is a scaled_dot_product_attention of its own, which the fused kernels
/// serve, so that no <c>[tokens, tokens]</c> matrix is held.
/// </summary>
internal sealed class TorchAttention : IDisposable
{
    private readonly ILastBlockMethod _method;
    private readonly Weights _projections;
    private readonly Tensor[] _matrices;
    private readonly Device _device;
    private readonly ScalarType _type;
    private readonly Dictionary<(AttentionTerm Term, int Height, int Width), Tensor> _biases = [];

    public TorchAttention(ILastBlockMethod method, int width, SafeTensors tensors, Device device, ScalarType type)
    {
        (_method, _device, _type) = (method, device, type);
        _projections = new Weights(tensors, device, type);
        // X W, by a linear layer, which multiplies with the transposed matrix.
        _matrices = [.. method.Projections.Select(matrix => _projections.Upload(Transposed(matrix, width), [width, width], type))];
    }

    /// <summary>How the model's positions come to grids other than its own.</summary>
    public PositionResizing Positions => _method.Positions;

    /// <summary>Whether the block's output is its attention output alone.</summary>
    public bool OutputOnly => _method.AttentionOutputOnly;

    /// <summary>The sum of the method's terms, <c>[windows, heads, tokens, head_dim]</c>.</summary>
    /// <param name="layer">The last block.</param>
    /// <param name="normed">Its normalised input X, <c>[windows, tokens, width]</c>.</param>
    /// <param name="gridHeight">Patches of a window from top to bottom.</param>
    /// <param name="gridWidth">Patches from left to right.</param>
    public Tensor Context(TorchLayer layer, Tensor normed, int gridHeight, int gridWidth)
    {
        var (query, key, value) = layer.Qkv(normed);
        Tensor? sum = null;
        foreach (var term in _method.Terms)
        {
            var part = term.Operands is { } operands
                ? functional.scaled_dot_product_attention(Of(operands.A), Of(operands.B), value, Bias(term, gridHeight, gridWidth))
                : value;
            if (term.Share != 1)
                part = part * Scalars.Of(term.Share);
            sum = sum is null ? part : sum.add(part, Scalars.One);

            Tensor Of(AttentionOperand operand) => operand switch
            {
                AttentionOperand.Query => query,
                AttentionOperand.Key => key,
                AttentionOperand.Value => value,
                AttentionOperand.Input => layer.Heads(normed),
                _ => layer.Heads(functional.linear(normed, _matrices[term.Projection])),
            };
        }
        return sum!;
    }

    public void Dispose()
    {
        _projections.Dispose();
        DropBiases();
    }

    private static float[] Transposed(float[] matrix, int width)
    {
        var transposed = new float[matrix.Length];
        for (var i = 0; i < matrix.Length; i++)
            transposed[i % width * width + i / width] = matrix[i];
        return transposed;
    }

    private void DropBiases()
    {
        foreach (var bias in _biases.Values)
            bias.Dispose();
        _biases.Clear();
    }

    private Tensor? Bias(AttentionTerm term, int gridHeight, int gridWidth)
    {
        if (term.Neighbourhood is not { } neighbourhood)
            return null;
        if (_biases.TryGetValue((term, gridHeight, gridWidth), out var known))
            return known;
        // Whole pictures come in many sizes, and a bias is large: only the last one is kept.
        DropBiases();
        var tokens = 1 + gridHeight * gridWidth;
        using var host = torch.tensor(neighbourhood.Between(tokens, gridWidth), [1, 1, tokens, tokens]);
        var bias = host.to(_type, _device, copy: true).DetachFromDisposeScope();
        _biases.Add((term, gridHeight, gridWidth), bias);
        return bias;
    }
}
