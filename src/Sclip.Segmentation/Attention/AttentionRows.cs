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
        (Query, Key, Value, Input) = (query, key, value, input);
        _projected = projected;
        Weights = scratch.Get(Scratch.Slot.Weights, (long)rows * Stride);
    }

    /// <summary>The head's queries.</summary>
    public Operand Query { get; }

    /// <summary>The head's keys.</summary>
    public Operand Key { get; }

    /// <summary>The head's values.</summary>
    public Operand Value { get; }

    /// <summary>The block's normalised input X, cut into heads.</summary>
    public Operand Input { get; }

    /// <summary>Rows of this block.</summary>
    public int Rows { get; }

    /// <summary>Tokens of the window, CLS included.</summary>
    public int Tokens { get; }

    /// <summary>Floats from one row of <see cref="Weights"/> to the next.</summary>
    public int Stride { get; }

    /// <summary>The weights built up so far.</summary>
    public float* Weights { get; }

    /// <summary>X times the method's projection number <paramref name="index"/>, cut into heads.</summary>
    public readonly Operand Projected(int index) => _projected[index];

    /// <summary>Adds share * softmax(a bT / sqrt(head_dim) + G), G a bias between patches where <paramref name="neighbourhood"/> is given.</summary>
    public void AddSoftmax(Operand a, Operand b, float share = 1, NeighbourhoodBias? neighbourhood = null)
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
            neighbourhood?.AddTo(weights, _firstRow + row, Tokens, _gridWidth);
            Softmax.Row(weights, Tokens);
            if (share != 1)
                Elementwise.Scale(weights, share, Tokens);
            if (!_empty)
                Elementwise.Add(Weights + (nint)row * Stride, weights, Tokens);
        }
        _empty = false;
    }

    /// <summary>Adds the identity: every token attends to itself alone.</summary>
    public void AddIdentity()
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
