using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Vision;

/// <summary>
/// CLIP's vision transformer with a dense last block: pixels of windows in, features of every token out. Windows of any sizes share a
/// pass: their tokens stand one behind the other, R rows in all, W width, and only attention keeps them apart.
/// </summary>
internal sealed unsafe class VisionTransformer : IDisposable
{
    // A native window of ViT-B/16 has 197: the weights of a block pass by once for so many rows at least.
    private const int RowsOfPass = 192;

    private static readonly ClipAttention Ordinary = new();

    private readonly ClipConfig _config;
    private readonly PatchEmbedding _embedding;
    private readonly NativeBuffer _preNormWeight, _preNormBias, _postNormWeight, _postNormBias;
    private readonly EncoderLayer[] _layers;
    private readonly PackedMatrix _projection;
    private readonly ForwardPass[] _passOfLane;
    private readonly ManagedBlocks[] _blocksOfLane;
    private readonly ManagedBlocks _blocksTogether;
    private readonly BlockOutputs _outputs = new();
    private readonly BlockAttention _attention;

    public VisionTransformer(SafeTensors tensors, ClipConfig config, PixelNormalisation normalisation, GemmKernel kernel, Threads threads)
    {
        _config = config;
        _attention = new BlockAttention(config.Vision);
        Together = new ForwardPass(threads);
        _passOfLane = threads.Count == 1 ? [Together] : [.. threads.Lanes.Select(lane => new ForwardPass(lane))];
        _blocksTogether = new ManagedBlocks(this, Together);
        _blocksOfLane = threads.Count == 1 ? [_blocksTogether] : [.. _passOfLane.Select(pass => new ManagedBlocks(this, pass))];
        var (width, prefix) = (config.Vision.Width, "vision_model");
        _embedding = new PatchEmbedding(tensors, config, normalisation);
        // The published checkpoints spell it so.
        (_preNormWeight, _preNormBias) = EncoderLayer.Norm(tensors, $"{prefix}.pre_layrnorm", width);
        _layers = EncoderLayer.LoadAll(tensors, prefix, config.Vision, kernel, threads);
        (_postNormWeight, _postNormBias) = EncoderLayer.Norm(tensors, $"{prefix}.post_layernorm", width);
        // As the patch embedding, in fp32 always: of a hundredth of the work comes a fifth of what bf16 loses.
        _projection = new PackedMatrix(width, config.EmbeddingSize, GemmKernel.Best);
        _projection.SetColumns(0, tensors.Read("visual_projection.weight", config.EmbeddingSize, width));
    }

    public int Width => _config.Vision.Width;

    public int EmbeddingSize => _config.EmbeddingSize;

    /// <summary>The pass that all threads work on together.</summary>
    public ForwardPass Together { get; }

    /// <summary>
    /// Computes the dense features of windows, <c>[sum of 1 + patches, embedding size]</c>: for each window its CLS token, then its
    /// patches row by row. The result stands in working memory until the next call.
    /// </summary>
    /// <param name="windows">The windows, their patches side by side.</param>
    /// <param name="method">How the last block attends.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    public float* Forward(ReadOnlyMemory<PixelWindow> windows, ILastBlockMethod method, CancellationToken cancellationToken) =>
        Forward(windows, TokenBatch.Of(windows.Span, PatchCut.Whole(_config.PatchSize), method.Positions), method, cancellationToken);

    /// <summary>The same of windows that are cut into patches as <paramref name="batch"/> has it.</summary>
    /// <param name="windows">The windows.</param>
    /// <param name="batch">Their tokens.</param>
    /// <param name="method">How the last block attends.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    /// <param name="shared">What another method computed of the same pass, or where it is kept for others.</param>
    public float* Forward(ReadOnlyMemory<PixelWindow> windows, TokenBatch batch, ILastBlockMethod method, CancellationToken cancellationToken, SharedTrunk? shared = null)
    {
        var x = InputOfLastBlock(windows, batch, cancellationToken, shared);
        var features = Together.Workspace.Get(Workspace.Part.Features, batch.Rows, _config.EmbeddingSize);
        _attention.Prepare(method);
        Spread(batch, (pass, run, slice) =>
        {
            var row = (nint)batch.FirstRow(run.Start.Value);
            _attention.Run(_layers[^1], x + row * Width, slice, method, pass);
            Project(x + row * Width, slice.Rows, features + row * _config.EmbeddingSize, pass);
        });
        return features;
    }

    /// <summary>All that comes before the last block, which no dense method changes: x[R, W].</summary>
    public float* InputOfLastBlock(ReadOnlyMemory<PixelWindow> windows, TokenBatch batch, CancellationToken cancellationToken, SharedTrunk? shared = null)
    {
        var x = Together.Workspace.Get(Workspace.Part.Stream, batch.Rows, Width);
        if (shared is null)
            RunBlocks(windows, batch, _layers.Length - 1, x, null, [], cancellationToken);
        else
            Copy(Outputs(windows, batch, [_layers.Length - 1], cancellationToken, shared).Of(_layers.Length - 1), x, batch.Rows);
        return x;
    }

    /// <summary>The outputs of some blocks over windows; they stand where they are until the next call, or as long as <paramref name="shared"/> does.</summary>
    public BlockOutputs Outputs(ReadOnlyMemory<PixelWindow> windows, TokenBatch batch, IReadOnlyList<int> blocks, CancellationToken cancellationToken, SharedTrunk? shared = null)
    {
        if (shared?.Take() is { } kept)
            return kept;
        var wanted = shared?.Blocks ?? blocks;
        var outputs = shared is null ? _outputs : new BlockOutputs();
        outputs.Reserve(wanted, (long)batch.Rows * Width);
        RunBlocks(windows, batch, wanted.Max(), Together.Workspace.Get(Workspace.Part.Stream, batch.Rows, Width), outputs, wanted, cancellationToken);
        shared?.Keep(outputs);
        return outputs;
    }

    /// <summary>
    /// Has a method look at each window by itself, on matrices of the thread that it runs on: (index of the window, blocks, its outputs). The matrices are
    /// let go of behind it.
    /// </summary>
    public void ForWindows(TokenBatch batch, BlockOutputs? outputs, Action<int, ManagedBlocks, Func<int, Matrix>> work)
    {
        var rounds = batch.Count - batch.Count % _blocksOfLane.Length;
        Together.Threads.ForLanes(rounds, (window, lane) => Run(window, _blocksOfLane[lane]));
        for (var window = rounds; window < batch.Count; window++)
            Run(window, _blocksTogether);

        void Run(int window, ManagedBlocks blocks)
        {
            using var scope = blocks.Algebra.Scope();
            work(window, blocks, block => blocks.Over(outputs!.Of(block) + (nint)batch.FirstRow(window) * Width, batch.Tokens(window)));
        }
    }

    /// <summary>A block, counted from 1.</summary>
    public EncoderLayer Layer(int block) => _layers[block - 1];

    /// <summary>Patches by the convolution, CLS, and positions added: x[R, W].</summary>
    public void Embed(ReadOnlyMemory<PixelWindow> windows, TokenBatch batch, float* x, ForwardPass pass)
    {
        var pixels = pass.Workspace.Get(Workspace.Part.Pixels, batch.Rows, 3 * _config.PatchSize * _config.PatchSize);
        _embedding.Embed(windows, batch, pixels, x, pass.Threads);
    }

    /// <summary>The same of one window of normalised pixels, <c>[3, *, pictureWidth]</c>.</summary>
    public void Embed(float[] planes, TokenBatch batch, int pictureWidth, float* x, ForwardPass pass)
    {
        var pixels = pass.Workspace.Get(Workspace.Part.Pixels, batch.Rows, 3 * _config.PatchSize * _config.PatchSize);
        _embedding.Embed(planes, batch, pictureWidth, pixels, x, pass.Threads);
    }

    /// <summary>CLIP's norm before the first block, in place.</summary>
    public void PreNorm(float* x, int rows, ForwardPass pass) =>
        LayerNorm.Apply(x, x, rows, Width, _preNormWeight.Pointer, _preNormBias.Pointer, _config.Vision.Epsilon, pass.Threads);

    /// <summary>An ordinary block: x += attention(norm1(x)); x += mlp(norm2(x)).</summary>
    public void Block(int layer, float* x, TokenBatch batch, ForwardPass pass) => _attention.Run(_layers[layer], x, batch, Ordinary, pass);

    /// <summary>The final norm and the projection of every token: features[R, embedding size].</summary>
    public void Project(float* x, int rows, float* features, ForwardPass pass)
    {
        var y = pass.Workspace.Get(Workspace.Part.Normed, rows, Width);
        LayerNorm.Apply(x, y, rows, Width, _postNormWeight.Pointer, _postNormBias.Pointer, _config.Vision.Epsilon, pass.Threads);
        Gemm.Multiply(y, Width, rows, _projection, features, _config.EmbeddingSize, null, Epilogue.None, pass.Threads);
    }

    /// <summary>
    /// The last block's attention weights of one token of one window, <c>[heads, tokens]</c>. x is the block's input and stays as it is.
    /// </summary>
    public float[] AttentionWeights(float* x, TokenBatch batch, ILastBlockMethod method, int token) => _attention.Weights(_layers[^1], x, batch, method, token, Together);

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_embedding, _preNormWeight, _preNormBias, .. _layers, _postNormWeight, _postNormBias, _projection, _blocksTogether, .. _blocksOfLane, _outputs, Together, .. _passOfLane, _attention])
            part.Dispose();
    }

    /// <summary>
    /// Runs windows through a part of the tower. As far as they go round, each thread takes runs of them by itself: their activations stay in its
    /// own caches as far as they fit, and it waits for no other. The rest is worked on by all threads together.
    /// </summary>
    private void Spread(TokenBatch batch, Action<ForwardPass, Range, TokenBatch> work)
    {
        var runs = batch.Runs(RowsOfPass);
        var rounds = runs.Count - runs.Count % _passOfLane.Length;
        Together.Threads.ForLanes(rounds, (i, lane) => work(_passOfLane[lane], runs[i], batch.Slice(runs[i])));
        if (rounds == runs.Count)
            return;
        var rest = runs[rounds].Start..runs[^1].End;
        work(Together, rest, batch.Slice(rest));
    }

    /// <summary>The first blocks over windows, x[R, W] behind them, with what some of them give kept.</summary>
    private void RunBlocks(
        ReadOnlyMemory<PixelWindow> windows, TokenBatch batch, int blocks, float* x, BlockOutputs? outputs, IReadOnlyList<int> wanted, CancellationToken cancellationToken) =>
        Spread(batch, (pass, run, slice) =>
        {
            var first = (nint)batch.FirstRow(run.Start.Value) * Width;
            var stream = x + first;
            Embed(windows[run], slice, stream, pass);
            PreNorm(stream, slice.Rows, pass);
            for (var block = 0; ; block++)
            {
                if (outputs is not null && wanted.Contains(block))
                    Copy(stream, outputs.Of(block) + first, slice.Rows);
                if (block == blocks)
                    break;
                cancellationToken.ThrowIfCancellationRequested();
                Block(block, stream, slice, pass);
            }
        });

    private void Copy(float* source, float* target, int rows)
    {
        var bytes = (long)rows * Width * sizeof(float);
        Buffer.MemoryCopy(source, target, bytes, bytes);
    }
}
