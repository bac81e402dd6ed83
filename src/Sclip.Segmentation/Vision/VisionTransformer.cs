using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Vision;

/// <summary>
/// CLIP's vision transformer with a dense last block: pixels of windows in, features of every token out. Windows of any sizes share a
/// pass: their tokens stand one behind the other, R rows in all, W width, and only attention keeps them apart.
/// </summary>
internal sealed unsafe class VisionTransformer : IDisposable
{
    // Rows of attention weights held at a time: [256, tokens] of a native window fills part of a second-level cache.
    private const int AttentionBlock = 256;

    private readonly ClipConfig _config;
    private readonly PatchEmbedding _embedding;
    private readonly NativeBuffer _preNormWeight, _preNormBias, _postNormWeight, _postNormBias;
    private readonly EncoderLayer[] _layers;
    private readonly PackedMatrix _projection;
    private readonly Threads _threads;
    private readonly Workspace _workspace = new();
    private readonly Dictionary<IDenseMethod, PackedMatrix[]> _projections = [];

    public VisionTransformer(SafeTensors tensors, ClipConfig config, PixelNormalisation normalisation, Threads threads)
    {
        (_config, _threads) = (config, threads);
        var (width, prefix) = (config.Vision.Width, "vision_model");
        _embedding = new PatchEmbedding(tensors, config, normalisation);
        // The published checkpoints spell it so.
        (_preNormWeight, _preNormBias) = EncoderLayer.Norm(tensors, $"{prefix}.pre_layrnorm", width);
        _layers = [.. Enumerable.Range(0, config.Vision.Layers).Select(i => new EncoderLayer(tensors, $"{prefix}.encoder.layers.{i}", config.Vision))];
        (_postNormWeight, _postNormBias) = EncoderLayer.Norm(tensors, $"{prefix}.post_layernorm", width);
        _projection = new PackedMatrix(width, config.EmbeddingSize, GemmKernel.Best);
        _projection.SetColumns(0, tensors.Read("visual_projection.weight", config.EmbeddingSize, width));
    }

    public int Width => _config.Vision.Width;

    private int HeadDimension => Width / _config.Vision.Heads;

    /// <summary>
    /// Computes the dense features of windows, <c>[sum of 1 + patches, embedding size]</c>: for each window its CLS token, then its
    /// patches row by row. The result stands in working memory until the next call.
    /// </summary>
    /// <param name="windows">The windows.</param>
    /// <param name="method">How the last block attends.</param>
    /// <param name="cancellationToken">Looked at between blocks.</param>
    /// <param name="shared">What another method computed of the same pass, or where it is kept for others.</param>
    public float* Forward(ReadOnlySpan<PixelWindow> windows, IDenseMethod method, CancellationToken cancellationToken, SharedTrunk? shared = null)
    {
        var batch = TokenBatch.Of(windows, _config.PatchSize);
        var x = InputOfLastBlock(windows, batch, cancellationToken, shared);
        LastBlock(x, batch, method);
        return Project(x, batch.Rows);
    }

    /// <summary>All that comes before the last block, which no dense method changes: x[R, W].</summary>
    public float* InputOfLastBlock(ReadOnlySpan<PixelWindow> windows, TokenBatch batch, CancellationToken cancellationToken, SharedTrunk? shared = null)
    {
        var x = Stream(batch);
        if (shared is not null && shared.TryTake(x, (long)batch.Rows * Width))
            return x;
        Embed(windows, batch);
        PreNorm(x, batch.Rows);
        for (var layer = 0; layer < _layers.Length - 1; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Block(layer, x, batch);
        }
        shared?.Keep(x, (long)batch.Rows * Width);
        return x;
    }

    /// <summary>Patches by the convolution, CLS, and positions added: x[R, W].</summary>
    public float* Embed(ReadOnlySpan<PixelWindow> windows, TokenBatch batch)
    {
        var x = Stream(batch);
        var pixels = _workspace.Get(Workspace.Part.Hidden, batch.Rows, 3 * _config.PatchSize * _config.PatchSize);
        _embedding.Embed(windows, batch, pixels, x, _threads);
        return x;
    }

    public void PreNorm(float* x, int rows) =>
        LayerNorm.Apply(x, x, rows, Width, _preNormWeight.Pointer, _preNormBias.Pointer, _config.Vision.Epsilon, _threads);

    /// <summary>An ordinary block: x += attention(norm1(x)); x += mlp(norm2(x)).</summary>
    public void Block(int layer, float* x, TokenBatch batch) => Block(_layers[layer], x, batch, Ordinary);

    /// <summary>The last block, attending by the dense method.</summary>
    public void LastBlock(float* x, TokenBatch batch, IDenseMethod method) => Block(_layers[^1], x, batch, method);

    /// <summary>The final norm and the projection of every token: [R, embedding size].</summary>
    public float* Project(float* x, int rows)
    {
        var y = _workspace.Get(Workspace.Part.Normed, rows, Width);
        LayerNorm.Apply(x, y, rows, Width, _postNormWeight.Pointer, _postNormBias.Pointer, _config.Vision.Epsilon, _threads);
        var features = _workspace.Get(Workspace.Part.Features, rows, _config.EmbeddingSize);
        Gemm.Multiply(y, Width, rows, _projection, features, _config.EmbeddingSize, null, Epilogue.None, _threads);
        return features;
    }

    /// <summary>
    /// The last block's attention weights of some tokens of one window, <c>[heads, count, tokens]</c>: of those from <paramref name="first"/>
    /// on, as they look at all. x is the block's input and stays as it is.
    /// </summary>
    public float[] AttentionWeights(float* x, TokenBatch batch, IDenseMethod method, int first, int count)
    {
        var operands = Operands(_layers[^1], x, batch, method);
        var tokens = batch.Tokens(0);
        var weights = new float[(long)_config.Vision.Heads * count * tokens];
        using var scratch = new Scratch();
        for (var head = 0; head < _config.Vision.Heads; head++)
        {
            var rows = operands.Rows(batch, 0, head, first, count, scratch);
            rows.Add(method);
            for (var row = 0; row < count; row++)
                new ReadOnlySpan<float>(rows.Weights + (nint)row * rows.Stride, tokens).CopyTo(weights.AsSpan((head * count + row) * tokens));
        }
        return weights;
    }

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_embedding, _preNormWeight, _preNormBias, .. _layers, _postNormWeight, _postNormBias, _projection, _workspace, .. _projections.Values.SelectMany(packed => packed)])
            part.Dispose();
    }

    private static readonly ClipAttention Ordinary = new();

    private float* Stream(TokenBatch batch) => _workspace.Get(Workspace.Part.Stream, batch.Rows, Width);

    private void Block(EncoderLayer layer, float* x, TokenBatch batch, IDenseMethod method)
    {
        var operands = Operands(layer, x, batch, method);
        var context = _workspace.Get(Workspace.Part.Context, batch.Rows, Width);
        Attend(operands, batch, method, context);
        layer.ProjectOut(context, x, batch.Rows, residual: !method.AttentionOutputOnly, _threads);
        if (!method.AttentionOutputOnly)
            layer.Mlp(x, _workspace.Get(Workspace.Part.Normed, batch.Rows, Width), _workspace.Get(Workspace.Part.Hidden, batch.Rows, layer.Hidden), batch.Rows, _threads);
    }

    /// <summary>X = norm1(x), its queries, keys and values, and its products with the method's projections.</summary>
    private HeadOperands Operands(EncoderLayer layer, float* x, TokenBatch batch, IDenseMethod method)
    {
        var normed = _workspace.Get(Workspace.Part.Normed, batch.Rows, Width);
        layer.Norm1(x, normed, batch.Rows, _threads);
        var qkv = _workspace.Get(Workspace.Part.Qkv, batch.Rows, 3 * Width);
        layer.ProjectQkv(normed, qkv, batch.Rows, _threads);
        var projections = Packed(method);
        var projected = _workspace.Get(Workspace.Part.Projected, (long)batch.Rows * projections.Length, Width);
        for (var i = 0; i < projections.Length; i++)
            Gemm.Multiply(normed, Width, batch.Rows, projections[i], projected + (nint)i * batch.Rows * Width, Width, null, Epilogue.None, _threads);
        return new HeadOperands(normed, qkv, projected, projections.Length, Width, HeadDimension, batch.Rows);
    }

    private PackedMatrix[] Packed(IDenseMethod method)
    {
        if (method.Projections.Count == 0)
            return [];
        if (!_projections.TryGetValue(method, out var packed))
        {
            packed = [.. method.Projections.Select(_ => new PackedMatrix(Width, Width, GemmKernel.Best))];
            for (var i = 0; i < packed.Length; i++)
                packed[i].SetRows(method.Projections[i]);
            _projections.Add(method, packed);
        }
        return packed;
    }

    /// <summary>context[R, W] = the weights times v, head by head; a task is one head of one window.</summary>
    private void Attend(HeadOperands operands, TokenBatch batch, IDenseMethod method, float* context)
    {
        var (heads, headDimension, width, kernel) = (_config.Vision.Heads, HeadDimension, Width, GemmKernel.Best);
        _threads.For(batch.Count * heads, (task, scratch) =>
        {
            var (window, head) = Math.DivRem(task, heads);
            var tokens = batch.Tokens(window);
            var target = context + (nint)batch.FirstRow(window) * width + head * headDimension;
            for (var first = 0; first < tokens; first += AttentionBlock)
            {
                var rows = operands.Rows(batch, window, head, first, Math.Min(AttentionBlock, tokens - first), scratch);
                rows.Add(method);
                var values = scratch.Get(Scratch.Slot.PackedColumns, PackedMatrix.PackedLength(tokens, headDimension, kernel));
                PackedMatrix.Pack(rows.Value.Pointer, rows.Value.Stride, tokens, headDimension, values, kernel);
                Gemm.MultiplyBlock(
                    rows.Weights, rows.Stride, rows.Rows, tokens, headDimension, values, 0, (headDimension + kernel.Columns - 1) / kernel.Columns, kernel,
                    target + (nint)first * width, width, 1, accumulate: false, scratch);
            }
        });
    }
}
