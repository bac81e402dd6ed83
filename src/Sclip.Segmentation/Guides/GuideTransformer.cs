using System.Numerics.Tensors;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Guides;

/// <summary>A guide's vision transformer on matrices, its weights where a backend computes: a window's pixels in, features of its patches out.</summary>
internal sealed class GuideTransformer : IDisposable
{
    private readonly GuideModel _guide;
    private readonly PixelNormalisation _clip;
    private readonly GuideConfig _config;
    private readonly LinearLayer _embedding;
    private readonly GridPositions _positions;

    // CLS with its position, then the registers, which have none.
    private readonly float[] _first;
    private readonly GuideBlock[] _blocks;
    private readonly NormLayer _norm;

    /// <param name="guide">The guide; it stays the caller's.</param>
    /// <param name="clip">How pixels are normalised that it is given.</param>
    /// <param name="layers">Brings weights to where they are needed.</param>
    /// <exception cref="ModelFormatException">Weights are missing or corrupt.</exception>
    public GuideTransformer(GuideModel guide, PixelNormalisation clip, ILayerFactory layers)
    {
        (_guide, _clip) = (guide, clip);
        var (config, tensors) = (guide.Config, guide.Tensors);
        var (width, patch, grid) = (config.Width, config.PatchSize, config.NativeGrid);
        const string Embeddings = "embeddings", Projection = $"{Embeddings}.patch_embeddings.projection";
        _config = config;
        var positions = tensors.Read($"{Embeddings}.position_embeddings", 1, 1 + grid * grid, width);
        _positions = new GridPositions(positions[width..], grid, width, config.Positions);
        _first = [.. tensors.Read($"{Embeddings}.cls_token", 1, 1, width), .. config.Registers == 0 ? [] : tensors.Read($"{Embeddings}.register_tokens", 1, config.Registers, width)];
        TensorPrimitives.Add(_first.AsSpan(0, width), positions.AsSpan(0, width), _first.AsSpan(0, width));
        _embedding = layers.Linear(tensors.Read($"{Projection}.weight", width, 3, patch, patch), width, 3 * patch * patch, tensors.Read($"{Projection}.bias", width));
        _blocks = [.. Enumerable.Range(0, config.Layers).Select(block => new GuideBlock(tensors, config, block, layers))];
        _norm = layers.Norm(tensors.Read("layernorm.weight", width), tensors.Read("layernorm.bias", width), config.Epsilon);
    }

    /// <summary>Patches of a window from top to bottom, and from left to right.</summary>
    public (int Rows, int Columns) Grid(int height, int width) => (height / _config.PatchSize, width / _config.PatchSize);

    /// <summary>Features of a window's patches.</summary>
    /// <param name="algebra">Where the layers' weights are.</param>
    /// <param name="planes">Pixels as a CLIP sees them, <c>[3, height, width]</c>; the rest at the right and the bottom that fills no patch is dropped.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Columns.</param>
    /// <param name="output">Which of its outputs is wanted.</param>
    public GuideFeatures Features(MatrixAlgebra algebra, float[] planes, int height, int width, GuideOutput output = GuideOutput.Tokens)
    {
        var (rows, columns) = Grid(height, width);
        SegmentationChecks.Window(height, width, PatchCut.Whole(_config.PatchSize));
        var x = algebra.Zeros(1 + _config.Registers + rows * columns, _config.Width);
        var patches = x.RowsFrom(1 + _config.Registers);
        using (algebra.Scope())
        {
            x.RowRange(0, 1 + _config.Registers).Set(algebra.From(_first, 1 + _config.Registers, _config.Width));
            var pixels = algebra.From(PatchPixels.Gather(_guide.Planes(planes, _clip), width, rows, columns, _config.PatchSize), rows * columns, 3 * _config.PatchSize * _config.PatchSize);
            patches.Set(_embedding.Apply(pixels) + _positions.Of(algebra, rows, columns));
        }
        foreach (var block in output == GuideOutput.Values ? _blocks[..^1] : _blocks)
            using (algebra.Scope())
                x.Set(block.Apply(x));
        return new GuideFeatures(output == GuideOutput.Values ? _blocks[^1].Values(x).RowsFrom(1 + _config.Registers) : _norm.Apply(patches), rows, columns);
    }

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_embedding, .. _blocks, _norm])
            part.Dispose();
    }
}
