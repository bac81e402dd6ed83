namespace Sclip.Segmentation.Attention;

/// <summary>
/// SCLIP with projections of its own: the mean of softmax(Y YT) over Y = X W_r, for given or random W_r (the paper's section 3.2 and
/// Table 2).
/// </summary>
internal sealed class ProjectedAttention : ILastBlockMethod
{
    /// <param name="projections">Matrices <c>[width, width]</c>, one behind the other.</param>
    /// <param name="width">The vision transformer's width.</param>
    public ProjectedAttention(ReadOnlySpan<float> projections, int width)
    {
        var matrices = new float[projections.Length / (width * width)][];
        for (var i = 0; i < matrices.Length; i++)
            matrices[i] = projections.Slice(i * width * width, width * width).ToArray();
        Projections = matrices;
        Terms = [.. matrices.Select((_, i) => AttentionTerm.Self(AttentionOperand.Projected, 1f / matrices.Length, i))];
    }

    public IReadOnlyList<float[]> Projections { get; }

    public IReadOnlyList<AttentionTerm> Terms { get; }

    /// <summary>Matrices of a seed: normal entries of standard deviation 1 / sqrt(width), as linear layers are initialised.</summary>
    public static ProjectedAttention Random(int count, int width, int seed = 0)
    {
        var random = new Random(20231203 + 7919 * seed);
        var values = new float[count * width * width];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) / Math.Sqrt(width));
        return new ProjectedAttention(values, width);
    }
}
