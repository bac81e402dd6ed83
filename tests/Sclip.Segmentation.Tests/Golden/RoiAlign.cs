namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>
/// RoIAlign with one bin a box (Mask R-CNN, arXiv 1703.06870, section 3), as the weights with which the patches of a grid are averaged: what judges the
/// features of boxes is linear in those of patches, so that nothing but the features themselves is on trial.
/// </summary>
internal static class RoiAlign
{
    /// <summary>The weights of patches in each box, <c>[boxes, rows * columns]</c>.</summary>
    /// <param name="boxes">Left, top, right and bottom of each box, in fractions of the picture.</param>
    /// <param name="rows">Rows of patches.</param>
    /// <param name="columns">Columns of patches.</param>
    public static float[] Weights(float[] boxes, int rows, int columns)
    {
        var weights = new float[boxes.Length / 4 * rows * columns];
        foreach (var (index, box) in boxes.Chunk(4).Index())
        {
            var (down, across) = (Samples(box[1] * rows, box[3] * rows, rows), Samples(box[0] * columns, box[2] * columns, columns));
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    weights[(index * rows + row) * columns + column] = down[row] * across[column];
        }
        return weights;
    }

    /// <summary>The mean along one side of as many samples as patches begin in the box, each between the centres of two patches.</summary>
    private static float[] Samples(float begin, float end, int patches)
    {
        var weights = new float[patches];
        var count = (int)MathF.Ceiling(end - begin);
        for (var i = 0; i < count; i++)
        {
            // A patch's centre lies half a patch behind its begin; outside of the outermost centres the outermost patch counts alone.
            var place = Math.Clamp(begin - 0.5f + (i + 0.5f) * (end - begin) / count, 0, patches - 1);
            var (low, part) = ((int)place, place - (int)place);
            weights[low] += (1 - part) / count;
            weights[Math.Min(low + 1, patches - 1)] += part / count;
        }
        return weights;
    }
}
