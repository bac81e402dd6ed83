using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Systems;

/// <summary>What enters a vision transformer: a class token and the patches of a picture, positions added, which come to other grids than the native one bicubically, by size.</summary>
/// <param name="convolution">Patches <c>[patches, 3 * patch * patch]</c> to tokens.</param>
/// <param name="classToken">The class token, <c>[width]</c>.</param>
/// <param name="positions">Positions of class token and native grid, <c>[1 + nativeGrid * nativeGrid, width]</c>.</param>
/// <param name="nativeGrid">Patches on each side of a native picture.</param>
/// <param name="patch">Side of a patch in pixels.</param>
internal sealed class PatchTokens(LinearLayer convolution, float[] classToken, float[] positions, int nativeGrid, int patch)
{
    // Windows of a run are mostly alike; replaced as a whole, so that threads need not wait for each other.
    private Positions _last = new(nativeGrid, nativeGrid, positions);

    /// <summary>Reads a convolution without overlap, NAME.weight <c>[width, 3, patch, patch]</c>, as a linear layer of patches.</summary>
    public static LinearLayer Convolution(SystemLayers layers, string name, int width, int patch, bool bias) => layers.Linear(
        layers.Tensors.Read($"{name}.weight", width, 3, patch, patch), width, 3 * patch * patch, bias ? layers.Tensors.Read($"{name}.bias", width) : null);

    /// <summary>Tokens <c>[1 + patches, width]</c> of normalised pixels <c>[3, height, width]</c>; pixels behind the last whole patch are left out.</summary>
    public Matrix Embed(MatrixAlgebra algebra, ReadOnlySpan<float> planes, int height, int width)
    {
        var (gridHeight, gridWidth) = (height / patch, width / patch);
        var pixels = new float[gridHeight * gridWidth * 3 * patch * patch];
        var target = pixels.AsSpan();
        for (var gridY = 0; gridY < gridHeight; gridY++)
            for (var gridX = 0; gridX < gridWidth; gridX++)
                for (var channel = 0; channel < 3; channel++)
                    for (var y = 0; y < patch; y++, target = target[patch..])
                        planes.Slice((channel * height + gridY * patch + y) * width + gridX * patch, patch).CopyTo(target);
        var patches = convolution.Apply(algebra.From(pixels, gridHeight * gridWidth, 3 * patch * patch));
        return algebra.Stack(algebra.From(classToken, 1, classToken.Length), patches) + algebra.From(Of(gridHeight, gridWidth), 1 + patches.Rows, classToken.Length);
    }

    private float[] Of(int gridHeight, int gridWidth)
    {
        if (_last is { } last && last.GridHeight == gridHeight && last.GridWidth == gridWidth)
            return last.Values;
        var width = classToken.Length;
        var resized = new float[(1 + gridHeight * gridWidth) * width];
        positions.AsSpan(0, width).CopyTo(resized);
        BicubicResize.Apply(
            positions.AsSpan(width), nativeGrid, nativeGrid, width, resized.AsSpan(width), gridHeight, gridWidth, (double)gridHeight / nativeGrid, (double)gridWidth / nativeGrid);
        _last = new(gridHeight, gridWidth, resized);
        return resized;
    }

    private sealed record Positions(int GridHeight, int GridWidth, float[] Values);
}
