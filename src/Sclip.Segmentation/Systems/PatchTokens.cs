using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Systems;

/// <summary>What enters a vision transformer with a class token: that, and a window's patches, positions added, which come to other grids than the native one bicubically, by size.</summary>
/// <param name="Convolution">Patches <c>[patches, 3 * patch * patch]</c> to tokens.</param>
/// <param name="ClassToken">The class token, <c>[width]</c>.</param>
/// <param name="Positions">Positions of class token and native grid, <c>[1 + native patches, width]</c>.</param>
/// <param name="Config">The sizes.</param>
internal sealed record PatchTokens(LinearLayer Convolution, float[] ClassToken, float[] Positions, ClipConfig Config)
{
    private readonly GridPositions _grid = new(Positions[ClassToken.Length..], Config.NativeGrid, ClassToken.Length);

    /// <summary>Reads a convolution without overlap, NAME.weight <c>[width, 3, patch, patch]</c>, as a layer of patches.</summary>
    public static LinearLayer Patches(SystemLayers layers, string name, ClipConfig config, float[]? bias)
    {
        var (width, patch) = (config.Vision.Width, config.PatchSize);
        return layers.Linear(layers.Tensors.Read($"{name}.weight", width, 3, patch, patch), width, 3 * patch * patch, bias);
    }

    /// <summary>The tokens of a window, <c>[1 + patches, width]</c>.</summary>
    public Matrix Of(SystemWindow window)
    {
        var (algebra, width, patch) = (window.Algebra, ClassToken.Length, Config.PatchSize);
        var (gridHeight, gridWidth) = (window.Size.Height / patch, window.Size.Width / patch);
        return algebra.Stack(
            algebra.From(ClassToken, 1, width) + algebra.From(Positions.AsSpan(0, width), 1, width),
            Convolution.Apply(PatchRows.Of(window, patch)) + _grid.Of(algebra, gridHeight, gridWidth));
    }
}
