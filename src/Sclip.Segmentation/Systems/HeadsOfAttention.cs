using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>Multi-head attention, a head's map at a time, since a map of all heads takes much memory.</summary>
internal static class HeadsOfAttention
{
    /// <summary>The heads' contexts side by side, <c>[queries, width]</c>: softmax(q kT / sqrt(head size)) v.</summary>
    /// <param name="query">Queries of all heads, <c>[queries, width]</c>.</param>
    /// <param name="key">Keys, <c>[keys, width]</c>.</param>
    /// <param name="value">Values, <c>[keys, width]</c>.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="turn">What becomes of a head's queries and keys first; null leaves them.</param>
    public static Matrix Attend(Matrix query, Matrix key, Matrix value, int heads, Func<Matrix, Matrix>? turn = null)
    {
        var (algebra, size) = (query.Algebra, query.Columns / heads);
        var context = algebra.Zeros(query.Rows, value.Columns);
        for (var head = 0; head < heads; head++)
        {
            using var scope = algebra.Scope();
            var (q, k, v) = (query.ColumnRange(head * size, size), key.ColumnRange(head * size, size), value.ColumnRange(head * size, size));
            if (turn is not null)
                (q, k) = (turn(q), turn(k));
            context.ColumnRange(head * size, size).Set((1 / MathF.Sqrt(size) * q.TimesTransposed(k)).Softmax() * v);
        }
        return context;
    }
}
