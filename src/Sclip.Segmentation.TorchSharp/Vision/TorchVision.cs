using global::TorchSharp;
using Sclip.Segmentation.Vision;
using static global::TorchSharp.torch;
using static global::TorchSharp.torch.nn;

namespace Sclip.Segmentation.TorchSharp.Vision;

/// <summary>CLIP's vision transformer with a dense last block, on a device: normalised windows in, features of every token out.</summary>
internal sealed class TorchVision : IDisposable
{
    private const int MostGrids = 64;
    private readonly ClipConfig _config;
    private readonly Weights _weights;
    private readonly Tensor _patches, _class, _native, _preNormWeight, _preNormBias, _postNormWeight, _postNormBias, _projection;
    private readonly float[] _positions;
    private readonly Dictionary<(int Height, int Width, PositionResizing Resizing), Tensor> _resized = [];
    private readonly TorchLayer[] _layers;

    public TorchVision(SafeTensors tensors, ClipConfig config, Device device, ScalarType type)
    {
        _config = config;
        _weights = new Weights(tensors, device, type);
        try
        {
            var (width, patch, grid) = (config.Vision.Width, config.PatchSize, config.NativeGrid);
            const string Prefix = "vision_model";
            _class = _weights.Exact($"{Prefix}.embeddings.class_embedding", width).view(1, 1, width).DetachFromDisposeScope();
            _patches = _weights.Matrix($"{Prefix}.embeddings.patch_embedding.weight", 1, width, 3, patch, patch).view(width, 3 * patch * patch).DetachFromDisposeScope();
            _positions = tensors.Read($"{Prefix}.embeddings.position_embedding.weight", 1 + grid * grid, width);
            _native = _weights.Upload(_positions, [1 + grid * grid, width], ScalarType.Float32);
            (_preNormWeight, _preNormBias) = (_weights.Exact($"{Prefix}.pre_layrnorm.weight", width), _weights.Exact($"{Prefix}.pre_layrnorm.bias", width));
            _layers = [.. Enumerable.Range(0, config.Vision.Layers).Select(i => new TorchLayer(_weights, $"{Prefix}.encoder.layers.{i}", config.Vision))];
            (_postNormWeight, _postNormBias) = (_weights.Exact($"{Prefix}.post_layernorm.weight", width), _weights.Exact($"{Prefix}.post_layernorm.bias", width));
            _projection = _weights.Matrix("visual_projection.weight", 1, config.EmbeddingSize, width);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The same of windows whose patches lie side by side.</summary>
    public Tensor Forward(Tensor windows, TorchAttention attention, CancellationToken cancellationToken) =>
        Forward(windows, PatchCut.Whole(_config.PatchSize), attention, cancellationToken);

    /// <summary>
    /// <c>[windows, 3, height, width]</c> in 32 bits, cut into patches, to <c>[windows, 1 + patches, embedding size]</c> in 32 bits: CLS, then the patches row by
    /// row; the rest of a window that fills no patch is dropped.
    /// </summary>
    public Tensor Forward(Tensor windows, PatchCut patches, TorchAttention attention, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (gridHeight, gridWidth) = (patches.Along((int)windows.shape[2]), patches.Along((int)windows.shape[3]));
        var x = Embed(windows, patches, attention.Positions);
        foreach (var layer in _layers.AsSpan(0, _layers.Length - 1))
        {
            cancellationToken.ThrowIfCancellationRequested();
            layer.Forward(x);
        }
        return Project(LastBlock(x, attention, gridHeight, gridWidth)).MoveToOuterDisposeScope();
    }

    /// <summary>The outputs of some blocks, counted from 1, over windows, each <c>[windows, tokens, width]</c> in 32 bits; 0 is what enters the first.</summary>
    public IReadOnlyDictionary<int, Tensor> Outputs(Tensor windows, PatchCut patches, PositionResizing positions, IReadOnlyList<int> blocks, CancellationToken cancellationToken)
    {
        var outputs = new Dictionary<int, Tensor>();
        var x = Embed(windows, patches, positions);
        for (var block = 0; ; block++)
        {
            if (blocks.Contains(block))
                outputs.Add(block, x.clone());
            if (block == blocks.Max())
                return outputs;
            cancellationToken.ThrowIfCancellationRequested();
            _layers[block].Forward(x);
        }
    }

    /// <summary>Patches as rows of a matrix product, CLS before them, positions added, normalised.</summary>
    public Tensor Embed(Tensor windows, PatchCut patches, PositionResizing positions)
    {
        using var scope = NewDisposeScope();
        var (gridHeight, gridWidth) = (patches.Along((int)windows.shape[2]), patches.Along((int)windows.shape[3]));
        var (count, patch, width) = (windows.shape[0], patches.Size, _config.Vision.Width);
        // Views of [count, 3, grid height, grid width, patch, patch], where patches overlap or not; made into rows at once.
        var rows = windows.to(_weights.Type).unfold(2, patch, patches.Step).unfold(3, patch, patches.Step)
            .permute(0, 2, 3, 1, 4, 5).reshape(count, gridHeight * gridWidth, 3 * patch * patch);
        var tokens = functional.linear(rows, _patches).to(ScalarType.Float32);
        var x = cat([_class.expand(count, 1, width), tokens], 1).add_(Positions(gridHeight, gridWidth, positions), Scalars.One);
        return functional.layer_norm(x, [width], _preNormWeight, _preNormBias, _config.Vision.Epsilon).MoveToOuterDisposeScope();
    }

    /// <summary>A block, counted from 1.</summary>
    public TorchLayer Layer(int block) => _layers[block - 1];

    /// <summary>The final norm and the projection of tokens, <c>[*, width]</c> to <c>[*, embedding size]</c>, in 32 bits.</summary>
    public Tensor Project(Tensor x)
    {
        using var scope = NewDisposeScope();
        var normed = functional.layer_norm(x, [_config.Vision.Width], _postNormWeight, _postNormBias, _config.Vision.Epsilon).to(_weights.Type);
        return functional.linear(normed, _projection).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        DropGrids();
        _class?.Dispose();
        _patches?.Dispose();
        _weights.Dispose();
    }

    private Tensor LastBlock(Tensor x, TorchAttention attention, int gridHeight, int gridWidth)
    {
        using var scope = NewDisposeScope();
        var layer = _layers[^1];
        var output = layer.ProjectOut(attention.Context(layer, layer.Norm1(x), gridHeight, gridWidth));
        if (attention.OutputOnly)
            return output.to(ScalarType.Float32).MoveToOuterDisposeScope();
        x.add_(output, Scalars.One);
        layer.AddMlp(x);
        return x;
    }

    private Tensor Positions(int gridHeight, int gridWidth, PositionResizing resizing)
    {
        if (PositionGrid.IsNative(_config, gridHeight, gridWidth, resizing))
            return _native;
        if (!_resized.TryGetValue((gridHeight, gridWidth, resizing), out var positions))
        {
            // Whole pictures come in many sizes; those of the last few suffice.
            if (_resized.Count == MostGrids)
                DropGrids();
            using var host = torch.tensor(PositionGrid.Resize(_positions, _config, gridHeight, gridWidth, resizing), [1 + gridHeight * gridWidth, _config.Vision.Width]);
            positions = host.to(ScalarType.Float32, _native.device, copy: true).DetachFromDisposeScope();
            _resized.Add((gridHeight, gridWidth, resizing), positions);
        }
        return positions;
    }

    private void DropGrids()
    {
        foreach (var positions in _resized.Values)
            positions.Dispose();
        _resized.Clear();
    }
}
