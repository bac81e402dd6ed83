using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>Multi-head attention of tokens to others: for each head softmax(q kT / sqrt(head dimension)) v, side by side, projected.</summary>
internal sealed record MultiHeadAttention(LinearLayer Query, LinearLayer Key, LinearLayer Value, LinearLayer Output, int Heads)
{
    // Floats of a map that are held at a time: of a whole picture, that of one head would take gigabytes.
    private const int MostWeights = 1 << 24;

    /// <summary>x <c>[queries, width]</c> attends to y <c>[keys, width]</c>.</summary>
    public Matrix Apply(Matrix x, Matrix y) => Output.Apply(Context(Query.Apply(x), Key.Apply(y), Value.Apply(y), Heads));

    /// <summary>Each token of x takes its own value, as in MaskCLIP.</summary>
    public Matrix ApplyToValues(Matrix x) => Output.Apply(Value.Apply(x));

    /// <summary>The heads' contexts side by side, <c>[queries, width]</c>, some queries at a time.</summary>
    /// <param name="query">Queries of all heads, <c>[queries, width]</c>.</param>
    /// <param name="key">Their keys, <c>[keys, width]</c>.</param>
    /// <param name="value">Their values, <c>[keys, width]</c>.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="turn">What becomes of a head's queries and keys first, as rotary positions have it; null leaves them.</param>
    public static Matrix Context(Matrix query, Matrix key, Matrix value, int heads, Func<Matrix, Matrix>? turn = null)
    {
        var (algebra, size) = (query.Algebra, query.Columns / heads);
        var some = Math.Max(1, MostWeights / key.Rows);
        var context = algebra.Zeros(query.Rows, query.Columns);
        for (var head = 0; head < heads; head++)
        {
            // A map of all heads would take much memory.
            using var scope = algebra.Scope();
            var first = head * size;
            var (q, k) = (query.ColumnRange(first, size), key.ColumnRange(first, size));
            if (turn is not null)
                (q, k) = (turn(q), turn(k));
            for (var row = 0; row < query.Rows; row += some)
            {
                using var piece = algebra.Scope();
                var queries = Math.Min(some, query.Rows - row);
                var weights = (1 / MathF.Sqrt(size) * q.RowRange(row, queries).TimesTransposed(k)).Softmax();
                context.Part(row, queries, first, size).Set(weights * value.ColumnRange(first, size));
            }
        }
        return context;
    }

    /// <summary>Reads NAME.q_proj, k_proj, v_proj and out_proj, as Hugging Face names them.</summary>
    public static MultiHeadAttention Load(SystemLayers layers, string name, int width, int heads)
    {
        return new(Part("q_proj"), Part("k_proj"), Part("v_proj"), Part("out_proj"), heads);

        LinearLayer Part(string part) => layers.Linear($"{name}.{part}", width, width);
    }
}
