using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Vision;

/// <summary>Position embeddings for grids of patches other than the native one.</summary>
internal static class PositionGrid
{
    /// <summary>Whether a grid takes the positions as they are.</summary>
    public static bool IsNative(ClipConfig config, int gridHeight, int gridWidth, PositionResizing resizing) => resizing == PositionResizing.Bicubic
        ? gridHeight * gridWidth == config.NativeGrid * config.NativeGrid
        : gridHeight == config.NativeGrid && gridWidth == config.NativeGrid;

    /// <summary><c>[1 + native patches, width]</c> to <c>[1 + gridHeight * gridWidth, width]</c>: CLS keeps its position; the grid of the others is resized.</summary>
    public static float[] Resize(float[] positions, ClipConfig config, int gridHeight, int gridWidth, PositionResizing resizing)
    {
        var (native, width) = (config.NativeGrid, config.Vision.Width);
        var resized = new float[(1 + gridHeight * gridWidth) * width];
        positions.AsSpan(0, width).CopyTo(resized);
        ReadOnlySpan<float> source = positions.AsSpan(width);
        var target = resized.AsSpan(width);
        switch (resizing)
        {
            case PositionResizing.Bilinear:
                BilinearResize.Pixels(source, native, native, width, target, gridHeight, gridWidth);
                break;
            case PositionResizing.BicubicAntialiased:
                AntialiasedBicubicResize.Apply(source, native, native, width, target, gridHeight, gridWidth);
                break;
            default:
                // The factors are those of the authors, who guard against rounding so.
                BicubicResize.Apply(source, native, native, width, target, gridHeight, gridWidth, (gridHeight + 0.1) / native, (gridWidth + 0.1) / native);
                break;
        }
        return resized;
    }
}
