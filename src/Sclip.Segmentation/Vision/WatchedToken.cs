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

    /// <summary>The token looks at nothing but itself.</summary>
    public void LookAtItself()
    {
        Begin();
        _sum[token] = 1;
    }

    /// <summary>Adds a head's map, <c>[tokens, tokens]</c> or without CLS.</summary>
    public void Add(Matrix map) => Add(map, tokens - map.Rows);

    /// <summary>Adds some rows of a head's map, the first of which is of the given token; columns are all tokens, or those without CLS.</summary>
    public void Add(Matrix rows, int first)
    {
        if (token < first || token >= first + rows.Rows)
            return;
        // A map of patches alone leaves CLS out.
        var target = _sum.AsSpan(tokens - rows.Columns);
        TensorPrimitives.Add(target, rows.RowRange(token - first, 1).ToArray(), target);
    }
}
