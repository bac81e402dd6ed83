using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.SegClip;

/// <summary>
/// SegCLIP's semantic group module (the paper's section 3.2): learnt centres look at the patches, then each patch goes to the centre that it is most like. Other than in
/// the paper, the authors' code lets centres look at themselves, too, scales no product before the softmax, and ends in an MLP without a residual.
/// </summary>
internal sealed class SemanticGrouping
{
    private readonly (NormLayer Queries, NormLayer Keys, MultiHeadAttention Attention, NormLayer Norm2, Mlp Mlp)[] _cross;
    private readonly NormLayer _norm, _crossNorm, _keyNorm, _outputNorm;
    private readonly LinearLayer _key, _value;
    private readonly Mlp _output;
    private readonly float[] _centres;
    private readonly int _groups, _width;

    public SemanticGrouping(SystemLayers layers, TransformerConfig vision, SegClipConfig config)
    {
        (_groups, _width) = (config.Groups, vision.Width);
        _centres = layers.Tensors.Read("centres", _groups, _width);
        _cross = [.. Enumerable.Range(0, config.CrossLayers).Select(i => (
            Norm($"cross.{i}.norm_queries"), Norm($"cross.{i}.norm_keys"), MultiHeadAttention.Load(layers, $"cross.{i}.self_attn", _width, vision.Heads),
            Norm($"cross.{i}.layer_norm2"), Mlp.Load(layers, $"cross.{i}.mlp", _width, vision.Hidden, _width, MatrixFunction.QuickGelu)))];
        (_norm, _crossNorm, _keyNorm, _outputNorm) = (Norm("norm"), Norm("cross_ln"), Norm("k_ln"), Norm("proj_o.ln"));
        (_key, _value) = (OfHeads("k_conv"), OfHeads("v_conv"));
        _output = Mlp.Load(layers, "proj_o.mlp", _width, vision.Hidden, _width, MatrixFunction.Gelu);

        NormLayer Norm(string name) => layers.Norm(name, _width, vision.Epsilon);

        LinearLayer OfHeads(string name) => layers.Linear(BlockDiagonal(layers.Tensors.Read($"{name}.weight", _width, _width / vision.Heads, 1), _width, vision.Heads), _width, _width, null);
    }

    /// <summary>Groups the patches x <c>[N, width]</c>.</summary>
    /// <param name="x">The patches.</param>
    /// <param name="watch">Shown the centres, once they have attended to the patches.</param>
    public Grouping Apply(Matrix x, Action<Matrix>? watch)
    {
        var q = x.Algebra.From(_centres, _groups, _width);
        foreach (var (queries, keys, attention, norm2, mlp) in _cross)
        {
            q += attention.Apply(queries.Apply(q), keys.Apply(x.Algebra.Stack(q, x)));
            q += mlp.Apply(norm2.Apply(q));
        }
        q = _crossNorm.Apply(q);
        watch?.Invoke(q);
        var normed = _norm.Apply(x);
        var (k, v) = (_keyNorm.Apply(_key.Apply(normed)), _value.Apply(normed));
        // Centres compete for a patch.
        var a = k.TimesTransposed(q);
        var owner = Grouping.BestOfRows(a.ToArray(), _groups);
        var z = q + Means(x.Algebra, owner) * v;
        return new(_output.Apply(_outputNorm.Apply(z)).Apply(MatrixFunction.QuickGelu), a.Softmax(), owner);
    }

    /// <summary>A 1 x 1 convolution in as many groups as heads, <c>[width, width / heads]</c>, as one matrix: each head's columns see its own channels alone.</summary>
    private static float[] BlockDiagonal(float[] weight, int width, int heads)
    {
        var (size, all) = (width / heads, new float[width * width]);
        for (var row = 0; row < width; row++)
            weight.AsSpan(row * size, size).CopyTo(all.AsSpan(row * width + row / size * size));
        return all;
    }

    /// <summary>The mean over the patches of each group, <c>[groups, N]</c>; of a group without any, nothing.</summary>
    private Matrix Means(MatrixAlgebra algebra, int[] owner)
    {
        var (counts, means) = (new int[_groups], new float[_groups * owner.Length]);
        foreach (var group in owner)
            counts[group]++;
        for (var patch = 0; patch < owner.Length; patch++)
            means[owner[patch] * owner.Length + patch] = 1f / counts[owner[patch]];
        return algebra.From(means, _groups, owner.Length);
    }
}
