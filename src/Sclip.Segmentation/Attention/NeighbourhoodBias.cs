namespace Sclip.Segmentation.Attention;

/// <summary>exp(-distance^2 / (2 sigma^2)) between patches on their grid, 0 between CLS and any token (NACLIP, section 3.2).</summary>
internal sealed unsafe class NeighbourhoodBias(float sigma)
{
    /// <summary>The bias between all tokens of a window, <c>[tokens, tokens]</c>.</summary>
    public float[] Between(int tokens, int gridWidth)
    {
        var bias = new float[checked(tokens * tokens)];
        fixed (float* scores = bias)
            AddTo(scores, tokens, 0, tokens, gridWidth, 1);
        return bias;
    }

    /// <summary>Adds the bias, times a factor, to a block of scores <c>[tokens, block]</c>, whose first query is token <paramref name="first"/>.</summary>
    public void AddTo(float* scores, int block, int first, int tokens, int gridWidth, float factor)
    {
        for (var query = Math.Max(first, 1); query < Math.Min(first + block, tokens); query++)
        {
            var (y, x) = Math.DivRem(query - 1, gridWidth);
            for (var token = 1; token < tokens; token++)
            {
                var (otherY, otherX) = Math.DivRem(token - 1, gridWidth);
                var distance = (otherY - y) * (otherY - y) + (otherX - x) * (otherX - x);
                scores[(nint)token * block + query - first] += MathF.Exp(-distance / (2 * sigma * sigma)) * factor;
            }
        }
    }
}
