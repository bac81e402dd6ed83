using System.Collections.Concurrent;
using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Vision;

/// <summary>Positions of patches without CLS, brought to windows' grids; the native grid takes them as they are.</summary>
/// <param name="native">Those of the native grid, <c>[side * side, width]</c>.</param>
/// <param name="side">Patches on its side.</param>
/// <param name="width">Width of a token.</param>
/// <param name="resizing">How they come to other grids.</param>
internal sealed class GridPositions(float[] native, int side, int width, PositionResizing resizing = PositionResizing.BicubicExact)
{
    // Whole pictures as windows come in many sizes.
    private const int MostKept = 16;

    private readonly ConcurrentDictionary<(int Height, int Width), float[]> _resized = [];

    /// <summary>Those of a grid, <c>[gridHeight * gridWidth, width]</c>.</summary>
    public Matrix Of(MatrixAlgebra algebra, int gridHeight, int gridWidth) => algebra.From(Values(gridHeight, gridWidth), gridHeight * gridWidth, width);

    /// <summary>The same on the host.</summary>
    public float[] Values(int gridHeight, int gridWidth)
    {
        if (gridHeight == side && gridWidth == side)
            return native;
        if (_resized.Count >= MostKept)
            _resized.Clear();
        return _resized.GetOrAdd((gridHeight, gridWidth), Resize);
    }

    private float[] Resize((int Height, int Width) grid)
    {
        var resized = new float[grid.Height * grid.Width * width];
        PositionGrid.ResizePatches(native, side, width, resized, grid.Height, grid.Width, resizing);
        return resized;
    }
}
