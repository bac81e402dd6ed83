using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.Tcl;

/// <summary>
/// TCL's networks (arXiv 2212.00785): a frozen CLIP; a trained copy of its last blocks, which begins at the same tokens; a decoder of gated convolutions on
/// what the copy gives. In the last block of both every token takes its own value, residual and MLP stay. Tokens are <c>[1 + patches, width]</c>.
/// </summary>
internal sealed class TclVision : IDisposable
{
    private readonly SystemLayers _layers;
    private readonly PatchTokens _tokens;
    private readonly NormLayer _preNorm;
    private readonly TransformerBlock[] _frozen, _frozenLast, _trainedLast;
    private readonly TclDecoder _decoder;
    private readonly TclProjection _clipProjection, _maskProjection;
    private readonly float _factor, _offset;

    /// <param name="layers">The checkpoint, by the names of <see cref="TclTensors"/>; let go of with this.</param>
    /// <param name="config">The sizes.</param>
    /// <param name="tcl">What it is beside them.</param>
    public TclVision(SystemLayers layers, ClipConfig config, TclConfig tcl)
    {
        (_layers, Config, Tcl) = (layers, config, tcl);
        var (tensors, width, tokens) = (layers.Tensors, config.Vision.Width, 1 + config.NativeGrid * config.NativeGrid);
        const string Embeddings = "vision_model.embeddings", Frozen = "vision_model.encoder.layers";
        _tokens = new(
            PatchTokens.Patches(layers, $"{Embeddings}.patch_embedding", config, bias: null), tensors.Read($"{Embeddings}.class_embedding", width),
            tensors.Read($"{Embeddings}.position_embedding.weight", tokens, width), config);
        _preNorm = layers.Norm("vision_model.pre_layrnorm", width, config.Vision.Epsilon);
        _frozen = Blocks(Frozen, 0, tcl.FrozenLayers);
        _frozenLast = Blocks(Frozen, tcl.FrozenLayers, config.Vision.Layers);
        _trainedLast = Blocks("trained.layers", tcl.FrozenLayers, config.Vision.Layers);
        _decoder = new TclDecoder(layers, $"{TclTensors.Decoder}.decoder.net", config.Vision, tcl.DecoderLayers);
        _clipProjection = TclProjection.Load(layers, "vision_model.post_layernorm", "visual_projection.weight", config);
        _maskProjection = TclProjection.Load(layers, $"{TclTensors.Decoder}.image_proj.ln", $"{TclTensors.Decoder}.image_proj.weight", config);
        (_factor, _offset) = (tensors.Read("masker.sim2mask.w")[0], tensors.Read("masker.sim2mask.b")[0]);

        TransformerBlock[] Blocks(string tower, int first, int end) =>
            [.. Enumerable.Range(first, end - first).Select(block => TransformerBlock.Load(layers, $"{tower}.{block}", config.Vision))];
    }

    /// <summary>The sizes.</summary>
    public ClipConfig Config { get; }

    /// <summary>What it is beside them.</summary>
    public TclConfig Tcl { get; }

    /// <summary>Rows and columns of the masks that a patch has.</summary>
    public int Scale => 1 << _decoder.Stages;

    /// <summary>What the frozen blocks give; both ends begin there.</summary>
    public Matrix Trunk(SystemWindow window)
    {
        var x = _preNorm.Apply(_tokens.Of(window));
        foreach (var block in _frozen)
        {
            window.CancellationToken.ThrowIfCancellationRequested();
            // In place: what a block needs between is let go of behind it.
            using var scope = window.Algebra.Scope();
            x.Set(block.Apply(x));
        }
        return x;
    }

    /// <summary>What CLIP's own last blocks make of the trunk's tokens.</summary>
    public Matrix FrozenEnd(Matrix trunk, CancellationToken cancellationToken) => End(_frozenLast, trunk, cancellationToken);

    /// <summary>What their trained copy makes of them.</summary>
    public Matrix TrainedEnd(Matrix trunk, CancellationToken cancellationToken) => End(_trainedLast, trunk, cancellationToken);

    /// <summary>A stage of the decoder on patches <c>[gridHeight * gridWidth, width]</c>; each doubles the grid.</summary>
    public Matrix Decode(int stage, Matrix patches, int gridHeight, int gridWidth) => _decoder.Stage(stage, patches, gridHeight, gridWidth);

    /// <summary>The cosines of the names on the decoder's grid, <c>[Scale * gridHeight * Scale * gridWidth, names]</c>.</summary>
    public Matrix MaskCosines(Matrix trunk, int gridHeight, int gridWidth, Matrix names, CancellationToken cancellationToken)
    {
        var u = TrainedEnd(trunk, cancellationToken).RowsFrom(1);
        for (var stage = 0; stage < _decoder.Stages; stage++)
            u = Decode(stage, u, gridHeight << stage, gridWidth << stage);
        return _maskProjection.Cosines(u, names);
    }

    /// <summary>The cosines of the names with the frozen CLIP's patches, <c>[patches, names]</c>.</summary>
    public Matrix ClipCosines(Matrix trunk, Matrix names, CancellationToken cancellationToken) => _clipProjection.Cosines(FrozenEnd(trunk, cancellationToken).RowsFrom(1), names);

    /// <summary>sigmoid(w cosine + b): a mask of each name by itself.</summary>
    public Matrix Masks(Matrix cosines) => cosines.Scale(_factor, _offset).Apply(MatrixFunction.Sigmoid);

    public void Dispose() => _layers.Dispose();

    private static Matrix End(TransformerBlock[] blocks, Matrix x, CancellationToken cancellationToken) =>
        blocks[^1].ApplyToValues(TransformerBlock.ApplyAll(blocks.AsSpan(..^1), x, cancellationToken));
}
