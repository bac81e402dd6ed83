using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.Tcl;

/// <summary>
/// TCL's networks (arXiv 2212.00785): a frozen CLIP; a trained copy of its last blocks, which begins at the same tokens; a decoder of gated convolutions on
/// what the copy gives. In the last block of both every token takes its own value, residual and MLP stay. Tokens are <c>[1 + patches, width]</c>.
/// </summary>
internal sealed class TclVision : IDisposable
{
    private const string Clip = "clip_image_encoder.clip_visual", Masker = "masker.image_encoder";

    private readonly SystemLayers _layers;
    private readonly TclConfig _config;
    private readonly PatchTokens _tokens;
    private readonly NormLayer _preNorm;
    private readonly ClipBlock[] _frozen, _frozenLast, _trainedLast;
    private readonly TclDecoder _decoder;
    private readonly TclProjection _clipProjection, _maskProjection;
    private readonly float _factor, _offset;

    /// <param name="layers">The checkpoint; let go of with this.</param>
    /// <param name="config">The sizes.</param>
    public TclVision(SystemLayers layers, TclConfig config)
    {
        (_layers, _config) = (layers, config);
        var (width, tokens) = (config.Width, 1 + config.NativeGrid * config.NativeGrid);
        _tokens = new PatchTokens(
            PatchTokens.Convolution(layers, $"{Clip}.conv1", width, config.PatchSize, bias: false), layers.Tensors.Read($"{Clip}.class_embedding", width),
            layers.Tensors.Read($"{Clip}.positional_embedding", tokens, width), config.NativeGrid, config.PatchSize);
        _preNorm = layers.Norm($"{Clip}.ln_pre", width, TclConfig.Epsilon);
        _frozen = Blocks(Clip, 0, config.FrozenLayers);
        _frozenLast = Blocks(Clip, config.FrozenLayers, config.Layers);
        _trainedLast = Blocks($"{Masker}.backbone", config.FrozenLayers, config.Layers);
        _decoder = new TclDecoder(layers, $"{Masker}.decoder.decoder.net", config);
        _clipProjection = new TclProjection(layers, "clip_image_encoder.clip_proj", config);
        _maskProjection = new TclProjection(layers, $"{Masker}.decoder.image_proj", config);
        (_factor, _offset) = (layers.Tensors.Read("masker.sim2mask.w")[0], layers.Tensors.Read("masker.sim2mask.b")[0]);

        ClipBlock[] Blocks(string tower, int first, int end) =>
            [.. Enumerable.Range(first, end - first).Select(block => new ClipBlock(layers, $"{tower}.transformer.resblocks.{block}", width, config.Heads))];
    }

    public TclConfig Config => _config;

    /// <summary>Rows and columns of the masks a patch has.</summary>
    public int Scale => 1 << _decoder.Stages;

    /// <summary>What the frozen blocks give, of normalised pixels <c>[3, height, width]</c>; both ends begin there.</summary>
    public Matrix Trunk(MatrixAlgebra algebra, float[] planes, int height, int width)
    {
        var x = _preNorm.Apply(_tokens.Embed(algebra, planes, height, width));
        foreach (var block in _frozen)
        {
            // In place: what a block needs between is let go of behind it.
            using var scope = algebra.Scope();
            x.Set(block.Apply(x));
        }
        return x;
    }

    /// <summary>What CLIP's own last blocks make of the trunk's tokens.</summary>
    public Matrix FrozenEnd(Matrix trunk) => End(_frozenLast, trunk);

    /// <summary>What their trained copy makes of them.</summary>
    public Matrix TrainedEnd(Matrix trunk) => End(_trainedLast, trunk);

    /// <summary>A stage of the decoder on patches <c>[gridHeight * gridWidth, width]</c>; each doubles the grid.</summary>
    public Matrix Decode(int stage, Matrix patches, int gridHeight, int gridWidth) => _decoder.Stage(stage, patches, gridHeight, gridWidth);

    /// <summary>The cosines of the names on the decoder's grid, <c>[Scale * gridHeight * Scale * gridWidth, names]</c>.</summary>
    public Matrix MaskCosines(Matrix trunk, int gridHeight, int gridWidth, Matrix names)
    {
        var u = TrainedEnd(trunk).RowsFrom(1);
        for (var stage = 0; stage < _decoder.Stages; stage++)
            u = Decode(stage, u, gridHeight << stage, gridWidth << stage);
        return _maskProjection.Cosines(u, names);
    }

    /// <summary>The cosines of the names with the frozen CLIP's patches, <c>[patches, names]</c>.</summary>
    public Matrix ClipCosines(Matrix trunk, Matrix names) => _clipProjection.Cosines(FrozenEnd(trunk).RowsFrom(1), names);

    /// <summary>sigmoid(w cosine + b): a mask of each name by itself.</summary>
    public Matrix Masks(Matrix cosines) => cosines.Scale(_factor, _offset).Apply(MatrixFunction.Sigmoid);

    public void Dispose() => _layers.Dispose();

    private static Matrix End(ClipBlock[] blocks, Matrix x)
    {
        foreach (var block in blocks.AsSpan(0, blocks.Length - 1))
            x = block.Apply(x);
        return blocks[^1].ApplyToValues(x);
    }
}
