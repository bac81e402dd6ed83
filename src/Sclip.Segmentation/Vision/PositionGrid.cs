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
        ResizePatches(positions.AsSpan(width), native, width, resized.AsSpan(width), gridHeight, gridWidth, resizing);
        return resized;
    }

    /// <summary><c>[side * side, width]</c> to <c>[gridHeight * gridWidth, width]</c>.</summary>
    public static void ResizePatches(ReadOnlySpan<float> native, int side, int width, Span<float> target, int gridHeight, int gridWidth, PositionResizing resizing)
    {
        switch (resizing)
        {
            case PositionResizing.Bilinear:
                BilinearResize.Pixels(native, side, side, width, target, gridHeight, gridWidth);
                break;
            case PositionResizing.BicubicAntialiased:
                AntialiasedBicubicResize.Apply(native, side, side, width, target, gridHeight, gridWidth);
                break;
            case PositionResizing.BicubicExact:
                BicubicResize.Apply(native, side, side, width, target, gridHeight, gridWidth, (double)gridHeight / side, (double)gridWidth / side);
                break;
            default:
                // The factors are those of the authors, who guard against rounding so.
                BicubicResize.Apply(native, side, side, width, target, gridHeight, gridWidth, (gridHeight + 0.1) / side, (gridWidth + 0.1) / side);
                break;
        }
    }
}
