using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>Multi-head attention of tokens to others: for each head softmax(q kT / sqrt(head dimension)) v, side by side, projected.</summary>
internal sealed record MultiHeadAttention(LinearLayer Query, LinearLayer Key, LinearLayer Value, LinearLayer Output, int Heads)
{
    /// <summary>x <c>[queries, width]</c> attends to y <c>[keys, width]</c>.</summary>
    public Matrix Apply(Matrix x, Matrix y)
    {
        var (query, key, value) = (Query.Apply(x), Key.Apply(y), Value.Apply(y));
        var (size, context) = (query.Columns / Heads, x.Algebra.Zeros(query.Rows, query.Columns));
        for (var head = 0; head < Heads; head++)
        {
            // A map of all heads would take much memory.
            using var scope = x.Algebra.Scope();
            var first = head * size;
            var map = (1 / MathF.Sqrt(size) * query.ColumnRange(first, size).TimesTransposed(key.ColumnRange(first, size))).Softmax();
            context.ColumnRange(first, size).Set(map * value.ColumnRange(first, size));
        }
        return Output.Apply(context);
    }

    /// <summary>Reads NAME.q_proj, k_proj, v_proj and out_proj, as Hugging Face names them.</summary>
    public static MultiHeadAttention Load(SystemLayers layers, string name, int width, int heads)
    {
        return new(Part("q_proj"), Part("k_proj"), Part("v_proj"), Part("out_proj"), heads);

        LinearLayer Part(string part) => layers.Linear($"{name}.{part}", width, width);
    }
}
