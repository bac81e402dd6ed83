using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// What one head's attention over one window works on: its columns of X <c>[tokens, width]</c>, of q, k and v <c>[tokens, 3 width]</c>, and
/// of X times the projections.
/// </summary>
internal readonly unsafe struct HeadOperands
{
    private readonly BlockOperands _block;
    private readonly int _offset;
    private readonly nint _firstRow;

    public HeadOperands(BlockOperands block, TokenBatch batch, int window, int head)
    {
        _block = block;
        (Tokens, GridWidth, _firstRow, _offset) = (batch.Tokens(window), batch.GridWidth(window), batch.FirstRow(window), head * block.HeadDimension);
    }

    /// <summary>Tokens of the window, CLS included.</summary>
    public int Tokens { get; }

    /// <summary>Patches in a row of the window.</summary>
    public int GridWidth { get; }

    /// <summary>Columns of each operand.</summary>
    public int HeadDimension => _block.HeadDimension;

    /// <summary>The head's values.</summary>
    public Operand Value => Qkv(2);

    /// <summary>The operand that a term names.</summary>
    public Operand Of(AttentionOperand operand, AttentionTerm term) => operand switch
    {
        AttentionOperand.Query => Qkv(0),
        AttentionOperand.Key => Qkv(1),
        AttentionOperand.Value => Value,
        AttentionOperand.Input => Rows(_block.Input, _block.Width, _offset),
        _ => Rows(_block.Projected + (nint)term.Projection * _block.Rows * _block.Width, _block.Width, _offset),
    };

    private Operand Qkv(int part) => Rows(_block.Qkv, 3 * _block.Width, part * _block.Width + _offset);

    private Operand Rows(float* matrix, int stride, int column) => new((nint)(matrix + _firstRow * stride + column), stride);
}
