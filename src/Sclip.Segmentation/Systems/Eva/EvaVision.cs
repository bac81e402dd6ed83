using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.Eva;

/// <summary>
/// EVA02-CLIP's vision transformer (arXiv 2303.15389) with the dense features of CLIPSelf (arXiv 2310.01403): in the last block every token takes its own
/// value, as in MaskCLIP, while residual and MLP stay; then the final norm and the projection. No norm before the first block.
/// </summary>
internal sealed class EvaVision : IFeatureSystem
{
    private readonly ClipConfig _config;
    private readonly EvaConfig _eva;
    private readonly SystemLayers _layers;
    private readonly PatchTokens _tokens;
    private readonly EvaBlock[] _blocks;
    private readonly NormLayer _norm;
    private readonly LinearLayer _head;

    /// <param name="layers">The checkpoint, by its authors' names; let go of with this.</param>
    /// <param name="config">The sizes.</param>
    /// <param name="eva">What it is beside them.</param>
    public EvaVision(SystemLayers layers, ClipConfig config, EvaConfig eva)
    {
        (_layers, _config, _eva) = (layers, config, eva);
        var (width, tokens) = (config.Vision.Width, 1 + config.NativeGrid * config.NativeGrid);
        const string Embedding = "visual.patch_embed.proj";
        _tokens = new(
            PatchTokens.Patches(layers, Embedding, config, layers.Tensors.Read($"{Embedding}.bias", width)), layers.Tensors.Read("visual.cls_token", 1, 1, width),
            layers.Tensors.Read("visual.pos_embed", 1, tokens, width), config);
        _blocks = [.. Enumerable.Range(0, config.Vision.Layers).Select(block => new EvaBlock(layers, $"visual.blocks.{block}", config.Vision))];
        _norm = layers.Norm("visual.norm", width, config.Vision.Epsilon);
        _head = layers.Linear("visual.head", config.EmbeddingSize, width);
    }

    /// <inheritdoc />
    public Matrix Features(SystemWindow window)
    {
        var (positions, x) = (Positions(window), Embed(window));
        for (var block = 0; block < _blocks.Length - 1; block++)
        {
            window.CancellationToken.ThrowIfCancellationRequested();
            // In place: what a block needs between is let go of behind it.
            using var scope = window.Algebra.Scope();
            x.Set(Block(block, x, positions));
        }
        return Project(_blocks[^1].ApplyToValues(x).RowsFrom(1));
    }

    /// <summary>What enters the first block, <c>[1 + patches, width]</c>.</summary>
    public Matrix Embed(SystemWindow window) => _tokens.Of(window);

    /// <summary>The rotary positions of a window.</summary>
    public RotaryPositions Positions(SystemWindow window) => new(
        window.Algebra, window.Size.Height / _config.PatchSize, window.Size.Width / _config.PatchSize, _config.Vision.Width / _config.Vision.Heads, _eva.RotaryGrid);

    /// <summary>A block, counted from 0, as it was trained.</summary>
    public Matrix Block(int block, Matrix x, RotaryPositions positions) => _blocks[block].Apply(x, positions);

    /// <summary>The final norm and the projection into the space of texts.</summary>
    public Matrix Project(Matrix x) => _head.Apply(_norm.Apply(x));

    public void Dispose() => _layers.Dispose();
}
