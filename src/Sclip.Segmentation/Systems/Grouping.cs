using System.Numerics.Tensors;
using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>What tokens were grouped to.</summary>
/// <param name="Groups">The groups' tokens, <c>[S, width]</c>.</param>
/// <param name="Soft">How much each of the N tokens is of each group, <c>[N, S]</c>; its rows add up to 1.</param>
/// <param name="Owner">The group that each token went to, <c>[N]</c>.</param>
internal sealed record Grouping(Matrix Groups, Matrix Soft, int[] Owner)
{
    /// <summary>The index of the greatest value of each row, the first of equal ones.</summary>
    public static int[] BestOfRows(ReadOnlySpan<float> values, int columns)
    {
        var best = new int[values.Length / columns];
        for (var row = 0; row < best.Length; row++)
            best[row] = TensorPrimitives.IndexOfMax(values.Slice(row * columns, columns));
        return best;
    }

    /// <summary>A row for each entry, 1 in its column and 0 elsewhere.</summary>
    public static Matrix OneHot(MatrixAlgebra algebra, ReadOnlySpan<int> entries, int columns)
    {
        var values = new float[entries.Length * columns];
        for (var row = 0; row < entries.Length; row++)
            values[row * columns + entries[row]] = 1;
        return algebra.From(values, entries.Length, columns);
    }
}
