using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.Eva;

/// <summary>
/// Rotary positions of a grid of patches (EVA-02, arXiv 2303.11331): the first half of a head turns with the row, the second with the column. A pair
/// (a, b) of entries becomes (a cos - b sin, b cos + a sin). Pairs are neighbours in the checkpoints, 2i and 2i + 1; here all a stand in front
/// of all b (<see cref="PairsApart"/>), which changes no product of a query with a key. The class token does not turn.
/// The authors' code takes the square root of the number of tokens for the grid's side, so that it fails on rectangles, or turns them as if they were
/// squares; here rows and columns are counted apart, which on squares is the same.
/// </summary>
internal sealed class RotaryPositions
{
    private const double Base = 10_000;

    private readonly Matrix _cosine, _sine;
    private readonly int _half;

    /// <param name="algebra">Where the tables are made.</param>
    /// <param name="gridHeight">Patches from top to bottom.</param>
    /// <param name="gridWidth">Patches from left to right.</param>
    /// <param name="headSize">Entries of a head.</param>
    /// <param name="scale">The side to which positions of any grid are scaled: index / side of the grid * scale.</param>
    public RotaryPositions(MatrixAlgebra algebra, int gridHeight, int gridWidth, int headSize, int scale)
    {
        _half = headSize / 2;
        var (tokens, frequencies) = (1 + gridHeight * gridWidth, _half / 2);
        var (cosine, sine) = (new float[tokens * _half], new float[tokens * _half]);
        cosine.AsSpan(0, _half).Fill(1);
        for (var token = 1; token < tokens; token++)
        {
            var (row, column) = Math.DivRem(token - 1, gridWidth);
            for (var i = 0; i < _half; i++)
            {
                var position = (i < frequencies ? (double)row / gridHeight : (double)column / gridWidth) * scale;
                var angle = position * Math.Pow(Base, -2.0 * (i % frequencies) / _half);
                (cosine[token * _half + i], sine[token * _half + i]) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
            }
        }
        (_cosine, _sine) = (algebra.From(cosine, tokens, _half), algebra.From(sine, tokens, _half));
    }

    /// <summary>The cosines of each token's pairs, <c>[1 + patches, head size / 2]</c>.</summary>
    public Matrix Cosine => _cosine;

    /// <summary>The sines.</summary>
    public Matrix Sine => _sine;

    /// <summary>A head's queries or keys, <c>[1 + patches, head size]</c>, turned.</summary>
    public Matrix Turn(Matrix x)
    {
        var (a, b) = (x.ColumnRange(0, _half), x.ColumnRange(_half, _half));
        var turned = x.Algebra.Zeros(x.Rows, x.Columns);
        turned.ColumnRange(0, _half).Set((a & _cosine) - (b & _sine));
        turned.ColumnRange(_half, _half).Set((b & _cosine) + (a & _sine));
        return turned;
    }

    /// <summary>Rows of a projection, or entries of its bias, in the order that <see cref="Turn"/> takes: of each head the even ones, then the odd ones.</summary>
    /// <param name="values">The values, <c>[rows, columns]</c>.</param>
    /// <param name="columns">Values of a row.</param>
    /// <param name="headSize">Rows of a head.</param>
    public static float[] PairsApart(float[] values, int columns, int headSize)
    {
        var ordered = new float[values.Length];
        for (var row = 0; row < values.Length / columns; row++)
        {
            var (head, i) = Math.DivRem(row, headSize);
            var to = head * headSize + i / 2 + i % 2 * (headSize / 2);
            values.AsSpan(row * columns, columns).CopyTo(ordered.AsSpan(to * columns, columns));
        }
        return ordered;
    }
}
