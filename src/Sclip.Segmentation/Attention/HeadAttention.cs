using System.Runtime.Intrinsics;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// One head's attention over one window, as a dense method builds it up: a sum of terms, each a softmax over the tokens (CLS, then the
/// patches row by row). It is computed for a block of queries at a time, as many as a panel has columns, from the scores to the context: the
/// weights of a block, <c>[tokens, queries]</c>, do not leave the cache in windows of common size, and no <c>[tokens, tokens]</c> matrix is held. They stand
/// transposed, so that the scores come out of the matrix product as the panel that the values are multiplied with, and softmax works on
/// whole vectors of queries.
/// </summary>
internal readonly unsafe ref struct HeadAttention
{
    private readonly Scratch _scratch;
    private readonly GemmKernel _kernel;
    private readonly ILastBlockMethod _method;
    private readonly HeadOperands _operands;
    private readonly int _tokens, _rows, _headDimension;
    private readonly float* _compared, _queries, _values;

    /// <summary>Packs what the terms compare, and the values, for a kernel of fp32.</summary>
    public HeadAttention(HeadOperands operands, ILastBlockMethod method, GemmKernel kernel, Scratch scratch)
    {
        (_operands, _method, _scratch, _kernel) = (operands, method, scratch, kernel);
        (_tokens, _headDimension) = (operands.Tokens, operands.HeadDimension);
        _rows = _kernel.WholeRows(_tokens);
        _compared = scratch.Get(Scratch.Slot.Compared, method.Terms.Count * ComparedLength);
        _queries = scratch.Get(Scratch.Slot.Queries, method.Terms.Count * QueriesLength);
        _values = scratch.Get(Scratch.Slot.Values, (long)_kernel.WholeRows(_headDimension) * _tokens);
        for (var i = 0; i < method.Terms.Count; i++)
        {
            if (method.Terms[i].Operands is not { } compared)
                continue;
            var (a, b) = (operands.Of(compared.A, method.Terms[i]), operands.Of(compared.B, method.Terms[i]));
            Gemm.PackRows(b.Pointer, b.Stride, _tokens, _headDimension, _kernel, _compared + i * ComparedLength, scratch);
            PackedMatrix.PackTransposed(a.Pointer, a.Stride, _tokens, _headDimension, _queries + i * QueriesLength, _kernel);
        }
        PackValues(operands.Value);
    }

    /// <summary>Queries of a block.</summary>
    public int Block => _kernel.Columns;

    // A panel is two vectors wide.
    private int VectorBits => Block / 2 * 8 * sizeof(float);

    private long ComparedLength => (long)_rows * _headDimension;

    private long QueriesLength => PackedMatrix.PackedLength(_headDimension, _tokens, _kernel);

    /// <summary>The weights of the block of queries that begins at <paramref name="first"/>, a multiple of <see cref="Block"/>: <c>[tokens, Block]</c>.</summary>
    public float* Weights(int first)
    {
        var weights = _scratch.Get(Scratch.Slot.Weights, (long)_rows * Block);
        var empty = true;
        for (var i = 0; i < _method.Terms.Count; i++)
        {
            if (_method.Terms[i].Operands is null)
            {
                AddIdentity(weights, first, _method.Terms[i].Share, empty);
            }
            else
            {
                var term = empty ? weights : _scratch.Get(Scratch.Slot.Term, (long)_rows * Block);
                Softmax(i, first, term);
                if (!empty)
                    Elementwise.Add(weights, term, _tokens * Block);
            }
            empty = false;
        }
        return weights;
    }

    /// <summary>context[tokens, head_dim] = the weights times the values; rows lie <paramref name="stride"/> floats apart.</summary>
    public void Attend(float* context, nint stride)
    {
        var transposed = _scratch.Get(Scratch.Slot.Context, (long)_kernel.WholeRows(_headDimension) * Block);
        for (var first = 0; first < _tokens; first += Block)
        {
            MultiplyTiles(_values, _headDimension, _tokens, Weights(first), transposed);
            Transpose.Apply(transposed, Block, _headDimension, Math.Min(Block, _tokens - first), context + first * stride, stride);
        }
    }

    /// <summary>target[tokens, Block] = softmax over the tokens of the scores, times the term's share.</summary>
    private void Softmax(int index, int first, float* target)
    {
        var term = _method.Terms[index];
        MultiplyTiles(_compared + index * ComparedLength, _tokens, _headDimension, _queries + index * QueriesLength + (nint)first * _headDimension, target);
        term.Neighbourhood?.AddTo(target, Block, first, _tokens, _operands.GridWidth, MathF.Sqrt(_headDimension));
        ColumnSoftmax.Apply(target, _tokens, Block, 1 / MathF.Sqrt(_headDimension), term.Share, VectorBits);
    }

    private void AddIdentity(float* weights, int first, float share, bool empty)
    {
        if (empty)
            new Span<float>(weights, _tokens * Block).Clear();
        for (var query = 0; query < Math.Min(Block, _tokens - first); query++)
            weights[(first + query) * Block + query] += share;
    }

    /// <summary>c[whole rows of m, Block] = a panel times the tiles of a matrix of m rows and depth k.</summary>
    private void MultiplyTiles(float* tiles, int m, int k, float* panel, float* c)
    {
        for (var row = 0; row < m;)
        {
            var tile = _kernel.TileAt(row, m);
            tile.Multiply(k, tiles, panel, c, Block, false, (byte*)panel, 0);
            row += tile.Rows;
            tiles += (nint)tile.Rows * k;
            c += (nint)tile.Rows * Block;
        }
    }

    /// <summary>Packs the values' transpose, [head_dim, tokens], into tiles: rows of a tile stand side by side in the values already.</summary>
    private void PackValues(Operand value)
    {
        var target = _values;
        for (var first = 0; first < _headDimension;)
        {
            var tile = _kernel.TileAt(first, _headDimension);
            var rows = Math.Min(tile.Rows, _headDimension - first);
            for (var token = 0; token < _tokens; token++, target += tile.Rows)
                CopyPiece(value.Pointer + (nint)token * value.Stride + first, target, rows, tile.Rows);
            first += tile.Rows;
        }
    }

    /// <summary>A few floats, and zeros behind them.</summary>
    private static void CopyPiece(float* source, float* target, int count, int whole)
    {
        var i = 0;
        for (; i <= count - Vector128<float>.Count; i += Vector128<float>.Count)
            Vector128.Load(source + i).Store(target + i);
        for (; i < whole; i++)
            target[i] = i < count ? source[i] : 0;
    }
}
