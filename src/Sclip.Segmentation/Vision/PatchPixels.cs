namespace Sclip.Segmentation.Vision;

/// <summary>How normalised pixels become the rows of a product with a patch embedding.</summary>
internal static class PatchPixels
{
    /// <summary>
    /// The pixels of each patch of a window in its upper left, channel by channel, <c>[gridHeight * gridWidth, 3 * size * size]</c>; the rest at the right and
    /// at the bottom that fills none is left out.
    /// </summary>
    /// <param name="planes">The pixels, <c>[3, *, width]</c>.</param>
    /// <param name="width">Columns of pixels.</param>
    /// <param name="gridHeight">Patches from top to bottom.</param>
    /// <param name="gridWidth">Patches from left to right.</param>
    /// <param name="patches">Side of a patch, and pixels from one to the next.</param>
    /// <param name="rows">Where they go.</param>
    public static void Gather(ReadOnlySpan<float> planes, int width, int gridHeight, int gridWidth, PatchCut patches, Span<float> rows)
    {
        var plane = planes.Length / 3;
        for (var gridY = 0; gridY < gridHeight; gridY++)
            for (var gridX = 0; gridX < gridWidth; gridX++)
                for (var channel = 0; channel < 3; channel++)
                    for (var y = 0; y < patches.Size; y++, rows = rows[patches.Size..])
                        planes.Slice(channel * plane + (gridY * patches.Step + y) * width + gridX * patches.Step, patches.Size).CopyTo(rows);
    }

    /// <summary>The same of patches side by side.</summary>
    public static float[] Gather(ReadOnlySpan<float> planes, int width, int gridHeight, int gridWidth, int patch)
    {
        var rows = new float[checked(gridHeight * gridWidth * 3 * patch * patch)];
        Gather(planes, width, gridHeight, gridWidth, PatchCut.Whole(patch), rows);
        return rows;
    }
}
