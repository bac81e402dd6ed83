namespace Sclip.Segmentation.Algebra;

/// <summary>
/// A matrix of fp32, <c>[Rows, Columns]</c>, where its backend computes. What a method writes in these operations reads like its paper and runs on every backend.
/// Operations give new matrices, which live until the scope ends in which they were made (<see cref="MatrixAlgebra.Scope"/>); parts are views. In +, - and &amp; a
/// factor of one row or one column stands for as many as the other has.
/// </summary>
internal abstract class Matrix(int rows, int columns)
{
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    /// <summary>The backend's side of this matrix.</summary>
    public abstract MatrixAlgebra Algebra { get; }

    public static Matrix operator +(Matrix a, Matrix b) => a.Combine(Elementwise2.Sum, b);

    public static Matrix operator -(Matrix a, Matrix b) => a.Combine(Elementwise2.Difference, b);

    /// <summary>The product entry by entry.</summary>
    public static Matrix operator &(Matrix a, Matrix b) => a.Combine(Elementwise2.Product, b);

    public static Matrix operator *(float factor, Matrix a) => a.Scale(factor, 0);

    /// <summary>The matrix product A B.</summary>
    public static Matrix operator *(Matrix a, Matrix b) => a.Times(b);

    /// <summary>The matrix product A BT.</summary>
    public abstract Matrix TimesTransposed(Matrix b);

    /// <summary>Some of the rows and columns, in place.</summary>
    public abstract Matrix Part(int firstRow, int rows, int firstColumn, int columns);

    /// <summary>Rows from the first on, in place.</summary>
    public Matrix RowsFrom(int first) => Part(first, Rows - first, 0, Columns);

    /// <summary>Some rows, in place.</summary>
    public Matrix RowRange(int first, int count) => Part(first, count, 0, Columns);

    /// <summary>Some columns, in place.</summary>
    public Matrix ColumnRange(int first, int count) => Part(0, Rows, first, count);

    /// <summary>A copy of rows by their numbers, as often as they are named.</summary>
    public abstract Matrix TakeRows(ReadOnlySpan<int> rows);

    /// <summary>A copy with rows for columns.</summary>
    public abstract Matrix Transposed();

    /// <summary>Overwrites this matrix, or part of one, with another of the same shape.</summary>
    public abstract void Set(Matrix values);

    /// <summary>factor * a + offset, entry by entry.</summary>
    public abstract Matrix Scale(float factor, float offset);

    /// <summary>A function of each entry.</summary>
    public abstract Matrix Apply(MatrixFunction function);

    /// <summary>Entries below a threshold replaced; by negative infinity, softmax leaves them out.</summary>
    public abstract Matrix ReplaceBelow(float threshold, float replacement);

    /// <summary>Softmax of each row; a row of nothing but negative infinity becomes zeros.</summary>
    public abstract Matrix Softmax();

    /// <summary>Each row divided by its length.</summary>
    public abstract Matrix UnitRows();

    /// <summary>The sum of each row, <c>[Rows, 1]</c>.</summary>
    public abstract Matrix RowSums();

    /// <summary>The length of each row, <c>[Rows, 1]</c>.</summary>
    public abstract Matrix RowNorms();

    /// <summary>The mean of each row, <c>[Rows, 1]</c>.</summary>
    public Matrix RowMeans() => 1f / Columns * RowSums();

    /// <summary>Each row divided by its sum plus epsilon.</summary>
    public Matrix DivideBySums(float epsilon) => this & RowSums().Scale(1, epsilon).Apply(MatrixFunction.Reciprocal);

    /// <summary>The mean of all entries.</summary>
    public abstract float Mean();

    /// <summary>The values, row by row, for what is decided on the host.</summary>
    public abstract float[] ToArray();

    /// <summary>What <see cref="Set"/> requires, on every backend: libtorch would spread a single row or column.</summary>
    protected void RequireSize(Matrix values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Rows, Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Columns, Columns);
    }

    protected abstract Matrix Times(Matrix b);

    protected abstract Matrix Combine(Elementwise2 operation, Matrix b);
}
