using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Systems;

/// <summary>How a window becomes patches, and how positions come to their grid.</summary>
internal static class PatchRows
{
    /// <summary>The pixels of each patch, channel by channel, <c>[patches, 3 * patch * patch]</c>; what is left at the right and at the bottom is dropped.</summary>
    public static Matrix Of(SystemWindow window, int patch)
    {
        var (height, width) = (window.Size.Height, window.Size.Width);
        var (gridHeight, gridWidth, depth) = (height / patch, width / patch, 3 * patch * patch);
        var rows = new float[gridHeight * gridWidth * depth];
        var target = rows.AsSpan();
        for (var gridY = 0; gridY < gridHeight; gridY++)
            for (var gridX = 0; gridX < gridWidth; gridX++)
                for (var channel = 0; channel < 3; channel++)
                    for (var y = 0; y < patch; y++, target = target[patch..])
                        window.Planes.AsSpan((channel * height + gridY * patch + y) * width + gridX * patch, patch).CopyTo(target);
        return window.Algebra.From(rows, gridHeight * gridWidth, depth);
    }

    /// <summary>Positions <c>[native * native, width]</c> resized bicubically to <c>[gridHeight * gridWidth, width]</c>, by the two sizes.</summary>
    public static float[] Positions(ReadOnlySpan<float> positions, int native, int width, int gridHeight, int gridWidth)
    {
        if (gridHeight == native && gridWidth == native)
            return positions.ToArray();
        var resized = new float[gridHeight * gridWidth * width];
        BicubicResize.Apply(positions, native, native, width, resized, gridHeight, gridWidth, (double)gridHeight / native, (double)gridWidth / native);
        return resized;
    }
}
