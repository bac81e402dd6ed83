using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.Eva;

/// <summary>
/// EVA02-CLIP's vision transformer (arXiv 2303.15389) with the dense features of CLIPSelf (arXiv 2310.01403): in the last block every token takes its own
/// value, as in MaskCLIP, while residual and MLP stay; then the final norm and the projection. No norm before the first block.
/// </summary>
internal sealed class EvaVision : IDisposable
{
    private const float Epsilon = 1e-6f;

    private readonly EvaConfig _config;
    private readonly SystemLayers _layers;
    private readonly PatchTokens _tokens;
    private readonly EvaBlock[] _blocks;
    private readonly NormLayer _norm;
    private readonly LinearLayer _head;

    /// <param name="layers">The checkpoint, by its authors' names; let go of with this.</param>
    /// <param name="config">The sizes.</param>
    public EvaVision(SystemLayers layers, EvaConfig config)
    {
        (_layers, _config) = (layers, config);
        var (width, tokens) = (config.Width, 1 + config.NativeGrid * config.NativeGrid);
        _tokens = new PatchTokens(
            PatchTokens.Convolution(layers, "visual.patch_embed.proj", width, config.PatchSize, bias: true), layers.Tensors.Read("visual.cls_token", 1, 1, width),
            layers.Tensors.Read("visual.pos_embed", 1, tokens, width), config.NativeGrid, config.PatchSize);
        _blocks = [.. Enumerable.Range(0, config.Layers).Select(block => new EvaBlock(layers, $"visual.blocks.{block}", config))];
        _norm = layers.Norm("visual.norm", width, Epsilon);
        _head = layers.Linear("visual.head", config.EmbeddingSize, width);
    }

    /// <summary>Features of the patches of normalised pixels <c>[3, height, width]</c>, <c>[patches, embedding size]</c>, not of unit length.</summary>
    public Matrix Features(MatrixAlgebra algebra, float[] planes, int height, int width)
    {
        var positions = Positions(algebra, height, width);
        var x = Embed(algebra, planes, height, width);
        for (var block = 0; block < _blocks.Length - 1; block++)
        {
            // In place: what a block needs between is let go of behind it.
            using var scope = algebra.Scope();
            x.Set(Block(block, x, positions));
        }
        return Project(_blocks[^1].ApplyToValues(x).RowsFrom(1));
    }

    /// <summary>What enters the first block, <c>[1 + patches, width]</c>.</summary>
    public Matrix Embed(MatrixAlgebra algebra, float[] planes, int height, int width) => _tokens.Embed(algebra, planes, height, width);

    /// <summary>The rotary positions of a window.</summary>
    public RotaryPositions Positions(MatrixAlgebra algebra, int height, int width) =>
        new(algebra, height / _config.PatchSize, width / _config.PatchSize, _config.Width / _config.Heads, _config.RotaryGrid);

    /// <summary>A block, counted from 0, as it was trained.</summary>
    public Matrix Block(int block, Matrix x, RotaryPositions positions) => _blocks[block].Apply(x, positions);

    /// <summary>The final norm and the projection into the space of texts.</summary>
    public Matrix Project(Matrix x) => _head.Apply(_norm.Apply(x));

    public void Dispose() => _layers.Dispose();
}
