using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.GroupVit;

/// <summary>
/// The grouping block (the paper's section 3.1, equations 3 to 7): each of the N tokens goes to the one of S groups that it is most like. In training the choice is a
/// Gumbel softmax; to label, the authors' code takes the best group. It divides by one token more than a group has (assign_eps), of which the paper says nothing.
/// </summary>
internal sealed class GroupingBlock
{
    private readonly NormLayer _normTokens, _normPostTokens, _normX, _norm2, _normPost, _normNewX;
    private readonly Mlp _inter, _mlp, _channels;
    private readonly MultiHeadAttention _attention;
    private readonly LinearLayer _query, _key, _value, _output;
    private readonly float _epsilon;

    public GroupingBlock(SystemLayers layers, string name, TransformerConfig vision, GroupVitConfig config, int tokens, int groups)
    {
        var width = vision.Width;
        _epsilon = config.AssignEpsilon;
        (_normTokens, _normPostTokens, _normX, _normNewX) = (Norm("norm_tokens"), Norm("norm_post_tokens"), Norm("norm_x"), Norm("norm_new_x"));
        (_norm2, _normPost) = (Norm("pre_assign_attn.norm2"), Norm("pre_assign_attn.norm_post"));
        _inter = Mlp.Load(layers, $"{name}.mlp_inter", groups, (int)(config.MlpRatios.Tokens * width), tokens, MatrixFunction.Gelu);
        _channels = Mlp.Load(layers, $"{name}.mlp_channels", width, (int)(config.MlpRatios.Channels * width), width, MatrixFunction.Gelu);
        _mlp = Mlp.Load(layers, $"{name}.pre_assign_attn.mlp", width, vision.Hidden, width, MatrixFunction.Gelu);
        _attention = MultiHeadAttention.Load(layers, $"{name}.pre_assign_attn.attn", width, vision.Heads);
        (_query, _key, _value, _output) = (Linear("q_proj"), Linear("k_proj"), Linear("v_proj"), Linear("proj"));

        NormLayer Norm(string part) => layers.Norm($"{name}.{part}", width, vision.Epsilon);

        LinearLayer Linear(string part) => layers.Linear($"{name}.assign.{part}", width, width);
    }

    /// <summary>Groups tokens.</summary>
    /// <param name="x">The tokens, <c>[N, width]</c>.</param>
    /// <param name="g">The group tokens that went through the blocks with them.</param>
    public Grouping Apply(Matrix x, Matrix g)
    {
        var y = _normX.Apply(x);
        var q = _normPostTokens.Apply(_inter.ApplyToColumns(_normTokens.Apply(g)));
        q += _attention.Apply(q, y);
        q = _normPost.Apply(q + _mlp.Apply(_norm2.Apply(q)));
        // One head over the full width; groups compete for a token.
        var a = 1 / MathF.Sqrt(q.Columns) * _key.Apply(y).TimesTransposed(_query.Apply(q));
        var owner = Grouping.BestOfRows(a.ToArray(), a.Columns);
        var hard = Grouping.OneHot(x.Algebra, owner, a.Columns).Transposed();
        var z = q + _output.Apply(hard.DivideBySums(_epsilon) * _value.Apply(y));
        return new(z + _channels.Apply(_normNewX.Apply(z)), a.Softmax(), owner);
    }
}
