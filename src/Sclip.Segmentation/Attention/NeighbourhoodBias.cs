namespace Sclip.Segmentation.Attention;

/// <summary>exp(-distance^2 / (2 sigma^2)) between patches on their grid, 0 between CLS and any token (NACLIP, section 3.2).</summary>
internal sealed unsafe class NeighbourhoodBias(float sigma)
{
    /// <summary>Adds the bias of token <paramref name="row"/> to a row of attention logits.</summary>
    public void AddTo(float* logits, int row, int tokens, int gridWidth)
    {
        if (row == 0)
            return;
        var (y, x) = Math.DivRem(row - 1, gridWidth);
        for (var token = 1; token < tokens; token++)
        {
            var (otherY, otherX) = Math.DivRem(token - 1, gridWidth);
            var distance = (otherY - y) * (otherY - y) + (otherX - x) * (otherX - x);
            logits[token] += MathF.Exp(-distance / (2 * sigma * sigma));
        }
    }
}
