using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// Some rows of one head's attention weights, <c>[rows, tokens]</c>, as a dense method builds them up: a sum of terms, each a softmax
/// over the tokens (CLS, then the patches row by row). Long sequences are worked in blocks of rows, so that no whole
/// <c>[tokens, tokens]</c> matrix is held.
/// </summary>
internal unsafe ref struct AttentionRows
{
    private readonly Scratch _scratch;
    private readonly int _firstRow, _headDimension, _gridWidth;
    private readonly GemmKernel _kernel;
    private readonly Operand _query, _key, _input;
    private readonly ReadOnlySpan<Operand> _projected;
    private bool _empty = true;

    public AttentionRows(
        Scratch scratch, int firstRow, int rows, int tokens, int headDimension, int gridWidth, Operand query, Operand key, Operand value,
        Operand input, ReadOnlySpan<Operand> projected)
    {
        _scratch = scratch;
        _kernel = GemmKernel.Best;
        (_firstRow, Rows, Tokens, _headDimension, _gridWidth) = (firstRow, rows, tokens, headDimension, gridWidth);
        // Whole panels, so that the micro-kernel writes rows of weights without a detour.
        Stride = (tokens + _kernel.Columns - 1) / _kernel.Columns * _kernel.Columns;
        Value = value;
        (_query, _key, _input) = (query, key, input);
        _projected = projected;
        Weights = scratch.Get(Scratch.Slot.Weights, (long)rows * Stride);
    }

    /// <summary>The head's values.</summary>
    public Operand Value { get; }

    /// <summary>Rows of this block.</summary>
    public int Rows { get; }

    /// <summary>Tokens of the window, CLS included.</summary>
    public int Tokens { get; }

    /// <summary>Floats from one row of <see cref="Weights"/> to the next.</summary>
    public int Stride { get; }

    /// <summary>The weights built up so far.</summary>
    public float* Weights { get; }

    /// <summary>Adds all terms of a method.</summary>
    public void Add(IDenseMethod method)
    {
        foreach (var term in method.Terms)
        {
            if (term.Operands is { } operands)
                AddSoftmax(Of(operands.A, term), Of(operands.B, term), term);
            else
                AddIdentity();
        }
    }

    private readonly Operand Of(AttentionOperand operand, AttentionTerm term) => operand switch
    {
        AttentionOperand.Query => _query,
        AttentionOperand.Key => _key,
        AttentionOperand.Value => Value,
        AttentionOperand.Input => _input,
        _ => _projected[term.Projection],
    };

    private void AddSoftmax(Operand a, Operand b, AttentionTerm definition)
    {
        var term = _empty ? Weights : _scratch.Get(Scratch.Slot.Term, (long)Rows * Stride);
        var columns = _scratch.Get(Scratch.Slot.PackedColumns, PackedMatrix.PackedLength(_headDimension, Tokens, _kernel));
        PackedMatrix.PackTransposed(b.Pointer, b.Stride, Tokens, _headDimension, columns, _kernel);
        Gemm.MultiplyBlock(
            a.Rows(_firstRow).Pointer, a.Stride, Rows, _headDimension, Stride, columns, 0, Stride / _kernel.Columns, _kernel,
            term, Stride, 1 / MathF.Sqrt(_headDimension), accumulate: false, _scratch);
        for (var row = 0; row < Rows; row++)
        {
            var weights = term + (nint)row * Stride;
            definition.Neighbourhood?.AddTo(weights, _firstRow + row, Tokens, _gridWidth);
            Softmax.Row(weights, Tokens);
            if (definition.Share != 1)
                Elementwise.Scale(weights, definition.Share, Tokens);
            if (!_empty)
                Elementwise.Add(Weights + (nint)row * Stride, weights, Tokens);
        }
        _empty = false;
    }

    private void AddIdentity()
    {
        for (var row = 0; row < Rows; row++)
        {
            var weights = Weights + (nint)row * Stride;
            if (_empty)
                new Span<float>(weights, Tokens).Clear();
            weights[_firstRow + row] += 1;
        }
        _empty = false;
    }
}
