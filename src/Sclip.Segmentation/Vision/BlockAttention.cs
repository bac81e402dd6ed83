using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Vision;

/// <summary>
/// How a block of the vision transformer attends, as a dense method has it: which of queries, keys, values and own projections are multiplied,
/// head by head. R tokens of all windows stand one behind the other, W is the width.
/// </summary>
/// <param name="config">The vision transformer's sizes.</param>
internal sealed unsafe class BlockAttention(TransformerConfig config) : IDisposable
{
    private readonly int _width = config.Width;
    private readonly Dictionary<ILastBlockMethod, PackedMatrix[]> _projections = [];

    /// <summary>Packs the projections of a method, once; before the threads begin.</summary>
    public void Prepare(ILastBlockMethod method)
    {
        if (method.Projections.Count == 0 || _projections.ContainsKey(method))
            return;
        PackedMatrix[] packed = [.. method.Projections.Select(_ => new PackedMatrix(_width, _width, GemmKernel.Best))];
        for (var i = 0; i < packed.Length; i++)
            packed[i].SetRows(method.Projections[i]);
        _projections.Add(method, packed);
    }

    /// <summary>Runs the block, x[R, W] in place. The method may take the attention's output alone, without residual and MLP; it must be prepared.</summary>
    public void Run(EncoderLayer layer, float* x, TokenBatch batch, ILastBlockMethod method, ForwardPass pass)
    {
        var operands = Operands(layer, x, batch, method, pass);
        var context = pass.Workspace.Get(Workspace.Part.Context, batch.Rows, _width);
        Attend(operands, batch, method, context, pass.Threads);
        layer.OutputAndMlp(context, x, batch.Rows, method.AttentionOutputOnly, pass.Threads);
    }

    /// <summary>The attention weights of one token of one window, <c>[heads, tokens]</c>. x is the block's input and stays as it is.</summary>
    public float[] Weights(EncoderLayer layer, float* x, TokenBatch batch, ILastBlockMethod method, int token, ForwardPass pass)
    {
        Prepare(method);
        var operands = Operands(layer, x, batch, method, pass);
        var tokens = batch.Tokens(0);
        var weights = new float[config.Heads * tokens];
        using var scratch = new Scratch();
        for (var head = 0; head < config.Heads; head++)
        {
            var attention = new HeadAttention(new HeadOperands(operands, batch, 0, head), method, GemmKernel.Best, scratch);
            var query = token % attention.Block;
            var block = attention.Weights(token - query);
            for (var i = 0; i < tokens; i++)
                weights[head * tokens + i] = block[(nint)i * attention.Block + query];
        }
        return weights;
    }

    public void Dispose()
    {
        foreach (var packed in _projections.Values.SelectMany(packed => packed))
            packed.Dispose();
    }

    /// <summary>X = norm1(x), its queries, keys and values, and its products with the method's projections.</summary>
    private BlockOperands Operands(EncoderLayer layer, float* x, TokenBatch batch, ILastBlockMethod method, ForwardPass pass)
    {
        var normed = pass.Workspace.Get(Workspace.Part.Normed, batch.Rows, _width);
        var qkv = pass.Workspace.Get(Workspace.Part.Qkv, batch.Rows, 3 * _width);
        layer.ProjectQkv(x, normed, qkv, batch.Rows, pass.Threads);
        var projections = method.Projections.Count == 0 ? [] : _projections[method];
        var projected = pass.Workspace.Get(Workspace.Part.Projected, (long)batch.Rows * projections.Length, _width);
        for (var i = 0; i < projections.Length; i++)
            Gemm.Multiply(normed, _width, batch.Rows, projections[i], projected + (nint)i * batch.Rows * _width, _width, null, Epilogue.None, pass.Threads);
        return new BlockOperands(normed, qkv, projected, _width, _width / config.Heads, batch.Rows);
    }

    /// <summary>context[R, W] = the weights times v, head by head; a task is one head of one window.</summary>
    private void Attend(BlockOperands operands, TokenBatch batch, ILastBlockMethod method, float* context, Threads threads)
    {
        var (heads, headDimension, width) = (config.Heads, _width / config.Heads, _width);
        threads.For(batch.Count * heads, (task, scratch) =>
        {
            var (window, head) = Math.DivRem(task, heads);
            new HeadAttention(new HeadOperands(operands, batch, window, head), method, GemmKernel.Best, scratch)
                .Attend(context + (nint)batch.FirstRow(window) * width + head * headDimension, width);
        });
    }
}
