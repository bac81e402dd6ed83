using System.Numerics.Tensors;
using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Vision;

/// <summary>Where one token looks: the sum over heads of its attention weights, of the attention that was computed last.</summary>
/// <param name="token">The token, CLS being 0.</param>
/// <param name="tokens">Tokens of the window.</param>
internal sealed class WatchedToken(int token, int tokens)
{
    private readonly float[] _sum = new float[tokens];

    /// <summary>The weights of all tokens.</summary>
    public ReadOnlySpan<float> Weights => _sum;

    /// <summary>A further attention begins, which replaces the one before.</summary>
    public void Begin() => Array.Clear(_sum);

    /// <summary>Adds a head's map, <c>[tokens, tokens]</c> or without CLS.</summary>
    public void Add(Matrix map)
    {
        // A map of patches alone leaves CLS out.
        var first = tokens - map.Rows;
        TensorPrimitives.Add(_sum.AsSpan(first), map.RowRange(token - first, 1).ToArray(), _sum.AsSpan(first));
    }
}
