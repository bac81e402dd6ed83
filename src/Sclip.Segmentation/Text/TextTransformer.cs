using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Text;

/// <summary>
/// CLIP's text transformer. Under the causal mask a token depends on those before it alone: tokens behind end-of-text are never
/// computed, and a prefix that prompts share ("a photo of a") is computed once. The nodes of the prefix tree are the rows of all matrix
/// products, so no row is padding, whatever the lengths. R rows (nodes), W width.
/// </summary>
internal sealed unsafe class TextTransformer : ITextEncoder, IDisposable
{
    private readonly ClipConfig _config;
    private readonly SafeTensors _tensors;
    private readonly Threads _threads;
    private readonly float[] _positions;
    private readonly EncoderLayer[] _layers;
    private readonly NativeBuffer _finalNormWeight, _finalNormBias;
    private readonly PackedMatrix? _projection;

    // What stands in its place in other systems than CLIP.
    private readonly (SystemLayers Layers, ProjectionHead Head, ManagedAlgebra Algebra)? _head;
    private readonly Workspace _workspace = new();

    /// <param name="tensors">The weights; kept open, since only the embeddings of tokens that occur are read.</param>
    /// <param name="config">The sizes.</param>
    /// <param name="kernel">What the matrix products of the blocks are computed by; the last projection is in fp32.</param>
    /// <param name="threads">Where the matrix products run.</param>
    public TextTransformer(SafeTensors tensors, ClipConfig config, GemmKernel kernel, Threads threads)
    {
        (_tensors, _config, _threads) = (tensors, config, threads);
        var (width, prefix) = (config.Text.Width, "text_model");
        if (!tensors.Shape(TokenEmbedding).AsSpan().SequenceEqual([config.VocabularySize, width]))
            throw new ModelFormatException($"{tensors.Path}: {TokenEmbedding} has shape [{string.Join(", ", tensors.Shape(TokenEmbedding))}]; config.json asks for [{config.VocabularySize}, {width}].");
        _positions = tensors.Read($"{prefix}.embeddings.position_embedding.weight", config.ContextLength, width);
        _layers = EncoderLayer.LoadAll(tensors, prefix, config.Text, kernel, threads);
        (_finalNormWeight, _finalNormBias) = EncoderLayer.Norm(tensors, $"{prefix}.final_layer_norm", width);
        var layers = new SystemLayers(tensors, new ManagedLayers());
        if (config.Trained?.LoadTextHead(layers, config) is { } head)
        {
            _head = (layers, head, new ManagedAlgebra(threads));
            return;
        }
        _projection = new PackedMatrix(width, config.EmbeddingSize, GemmKernel.Best);
        _projection.SetColumns(0, tensors.Read("text_projection.weight", config.EmbeddingSize, width));
    }

    public int Dimension => _config.EmbeddingSize;

    public bool NormalisesPrompts => _config.Trained?.NormalisesPrompts ?? true;

    private static string TokenEmbedding => "text_model.embeddings.token_embedding.weight";

    /// <inheritdoc />
    public void Encode(IReadOnlyList<int[]> prompts, Span<float> features, CancellationToken cancellationToken)
    {
        if (prompts.Count == 0)
            return;
        var tree = PrefixTree.Of(prompts);
        var (rows, width) = (tree.Count, _config.Text.Width);
        var x = _workspace.Get(Workspace.Part.Stream, rows, width);
        var embeddings = new Span<float>(x, rows * width);
        using var tokens = _tensors.OpenRows(TokenEmbedding, _config.VocabularySize, width);
        for (var node = 0; node < rows; node++)
        {
            var row = embeddings.Slice(node * width, width);
            tokens.Read(tree.Tokens[node], row);
            TensorPrimitives.Add(row, _positions.AsSpan(tree.Depth(node) * width, width), row);
        }
        for (var layer = 0; layer < _layers.Length - 1; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Block(_layers[layer], x, tree, tree.All);
        }
        // Of the last block only the end-of-text tokens are read: the others give it their keys and values, and end there.
        Block(_layers[^1], x, tree, tree.Ends);
        var ends = tree.Ends.Length;
        var y = _workspace.Get(Workspace.Part.Normed, rows, width);
        LayerNorm.Apply(x, y, ends, width, _finalNormWeight.Pointer, _finalNormBias.Pointer, _config.Text.Epsilon, _threads);
        var projected = _workspace.Get(Workspace.Part.Features, ends, Dimension);
        Project(y, ends, projected);
        for (var prompt = 0; prompt < prompts.Count; prompt++)
            new ReadOnlySpan<float>(projected + (nint)tree.EndOf(prompt) * Dimension, Dimension).CopyTo(features.Slice(prompt * Dimension, Dimension));
    }

    public void Dispose()
    {
        foreach (var part in (IDisposable?[])[.. _layers, _finalNormWeight, _finalNormBias, _projection, _head?.Layers, _head?.Algebra, _workspace])
            part?.Dispose();
    }

    /// <summary>x[rows, width] to target[rows, Dimension].</summary>
    private void Project(float* x, int rows, float* target)
    {
        var width = _config.Text.Width;
        if (_projection is not null)
        {
            Gemm.Multiply(x, width, rows, _projection, target, Dimension, null, Epilogue.None, _threads);
            return;
        }
        var (_, head, algebra) = _head!.Value;
        using var scope = algebra.Scope();
        algebra.Over(target, rows, Dimension, Dimension).Set(head.Apply(algebra.Over(x, rows, width, width)));
    }

    /// <summary>A block whose queries are the given nodes, ascending; their rows move to the front of x.</summary>
    private void Block(EncoderLayer layer, float* x, PrefixTree tree, int[] queries)
    {
        var (width, heads, rows) = (layer.Width, _config.Text.Heads, tree.Count);
        var normed = _workspace.Get(Workspace.Part.Normed, rows, width);
        var qkv = _workspace.Get(Workspace.Part.Qkv, rows, 3 * width);
        layer.ProjectQkv(x, normed, qkv, rows, _threads);
        var context = _workspace.Get(Workspace.Part.Context, queries.Length, width);
        const int NodesOfTask = 64;
        _threads.For((queries.Length + NodesOfTask - 1) / NodesOfTask, (task, _) =>
        {
            for (var i = task * NodesOfTask; i < Math.Min(queries.Length, (task + 1) * NodesOfTask); i++)
                PathAttention.Attend(qkv, tree.Path(queries[i]), width, heads, context + (nint)i * width, Simd.Width);
        });
        if (queries.Length < rows)
            for (var i = 0; i < queries.Length; i++)
                NativeMemory.Copy(x + (nint)queries[i] * width, x + (nint)i * width, (nuint)width * sizeof(float));
        layer.OutputAndMlp(context, x, queries.Length, attentionOutputOnly: false, _threads);
    }
}
