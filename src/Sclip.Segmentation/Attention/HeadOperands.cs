using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// What attention of a block works on, all heads of all windows: X <c>[rows, width]</c>, q, k and v <c>[rows, 3 width]</c>, and X times
/// the projections, <c>[projections, rows, width]</c>.
/// </summary>
internal sealed unsafe class HeadOperands(float* input, float* qkv, float* projected, int projections, int width, int headDimension, int batchRows)
{
    /// <summary>Rows [first, first + count) of one head's attention over one window, ready for a method.</summary>
    public AttentionRows Rows(TokenBatch batch, int window, int head, int first, int count, Scratch scratch)
    {
        nint firstRow = batch.FirstRow(window);
        var offset = head * headDimension;
        var query = qkv + firstRow * 3 * width + offset;
        // Only the projected methods have any; the others must not allocate here.
        Span<Operand> cut = projections == 0 ? [] : new Operand[projections];
        for (var i = 0; i < projections; i++)
            cut[i] = new Operand((nint)(projected + ((nint)i * batchRows + firstRow) * width + offset), width);
        return new AttentionRows(
            scratch, first, count, batch.Tokens(window), headDimension, batch.GridWidth(window),
            new Operand((nint)query, 3 * width), new Operand((nint)(query + width), 3 * width), new Operand((nint)(query + 2 * width), 3 * width),
            new Operand((nint)(input + firstRow * width + offset), width), cut);
    }
}
