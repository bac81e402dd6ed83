using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Attention;

/// <summary>Puts in the place of some patches the mean of those of their eight neighbours that are none of them; where there are none, they stay.</summary>
internal sealed class PatchRepair
{
    private readonly List<(int Patch, int[] Neighbours)> _replaced = [];

    /// <param name="patches">Which to replace, of a grid row by row.</param>
    /// <param name="gridHeight">Rows of the grid.</param>
    /// <param name="gridWidth">Its columns.</param>
    public PatchRepair(int[] patches, int gridHeight, int gridWidth)
    {
        var wrong = patches.ToHashSet();
        foreach (var patch in patches)
        {
            var (y, x) = Math.DivRem(patch, gridWidth);
            int[] neighbours =
            [
                .. from row in Enumerable.Range(y - 1, 3)
                   from column in Enumerable.Range(x - 1, 3)
                   where row >= 0 && row < gridHeight && column >= 0 && column < gridWidth && !wrong.Contains(row * gridWidth + column)
                   select row * gridWidth + column
            ];
            if (neighbours.Length > 0)
                _replaced.Add((patch, neighbours));
        }
    }

    /// <summary>A repaired copy of <c>[patches, width]</c>.</summary>
    public Matrix Apply(Matrix patches)
    {
        var repaired = patches.Algebra.Stack(patches);
        if (_replaced.Count == 0)
            return repaired;
        var shares = new float[_replaced.Count * patches.Rows];
        foreach (var (row, (_, neighbours)) in _replaced.Index())
            foreach (var neighbour in neighbours)
                shares[row * patches.Rows + neighbour] = 1f / neighbours.Length;
        var means = patches.Algebra.From(shares, _replaced.Count, patches.Rows) * patches;
        foreach (var (row, (patch, _)) in _replaced.Index())
            repaired.RowRange(patch, 1).Set(means.RowRange(row, 1));
        return repaired;
    }
}
