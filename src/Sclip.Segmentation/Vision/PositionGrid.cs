using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Vision;

/// <summary>Position embeddings for grids of patches other than the native one.</summary>
internal static class PositionGrid
{
    /// <summary>Whether a grid takes the positions as they are: the authors look at the number of tokens alone.</summary>
    public static bool IsNative(ClipConfig config, int gridHeight, int gridWidth) => gridHeight * gridWidth == config.NativeGrid * config.NativeGrid;

    /// <summary>
    /// <c>[1 + native patches, width]</c> to <c>[1 + gridHeight * gridWidth, width]</c>: CLS keeps its position; the grid of the others is
    /// resized, by factors a tenth of a patch too large, as the authors do against rounding.
    /// </summary>
    public static float[] Resize(float[] positions, ClipConfig config, int gridHeight, int gridWidth)
    {
        var (native, width) = (config.NativeGrid, config.Vision.Width);
        var resized = new float[(1 + gridHeight * gridWidth) * width];
        positions.AsSpan(0, width).CopyTo(resized);
        BicubicResize.Apply(
            positions.AsSpan(width), native, native, width, resized.AsSpan(width), gridHeight, gridWidth,
            (gridHeight + 0.1) / native, (gridWidth + 0.1) / native);
        return resized;
    }
}
