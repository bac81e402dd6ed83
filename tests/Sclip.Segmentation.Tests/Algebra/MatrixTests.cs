using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Tests.Algebra;

/// <summary>Every operation of matrices, on every backend, against a plain loop over numbers; of matrices that lie by themselves and of parts of larger ones.</summary>
public sealed class MatrixTests
{
    // More columns than a vector register holds, and some left over.
    private const int Rows = 5, Columns = 37;

    /// <summary>Backend, whether operands are parts of larger matrices.</summary>
    public static TheoryData<string, bool> Operands => [.. Backends.Names.SelectMany(backend => new[] { false, true }.Select(isPart => (backend, isPart)))];

    /// <summary>Backend, whether they are parts, then rows and columns of both operands: all ways in which one stands for several.</summary>
    public static TheoryData<string, bool, int, int, int, int> Broadcasts
    {
        get
        {
            var data = new TheoryData<string, bool, int, int, int, int>();
            foreach (var (backend, isPart) in Operands.Select(row => row.Data))
                foreach (var (rowsOfA, rowsOfB) in ((int, int)[])[(Rows, Rows), (Rows, 1), (1, Rows), (1, 1)])
                    foreach (var (columnsOfA, columnsOfB) in ((int, int)[])[(Columns, Columns), (Columns, 1), (1, Columns), (1, 1)])
                        data.Add(backend, isPart, rowsOfA, columnsOfA, rowsOfB, columnsOfB);
            return data;
        }
    }

    [EngineTheory]
    [MemberData(nameof(Broadcasts))]
    public void Entries_are_combined_one_row_or_column_standing_for_several(string backend, bool isPart, int rowsOfA, int columnsOfA, int rowsOfB, int columnsOfB)
    {
        using var bench = new AlgebraBench(backend, isPart);
        var (a, b) = (bench.Random(rowsOfA, columnsOfA, 1), bench.Random(rowsOfB, columnsOfB, 2));
        var (rows, columns) = (Math.Max(rowsOfA, rowsOfB), Math.Max(columnsOfA, columnsOfB));
        AssertIs(a.Matrix + b.Matrix, rows, columns, (row, column) => a.At(row, column) + b.At(row, column));
        AssertIs(a.Matrix - b.Matrix, rows, columns, (row, column) => a.At(row, column) - b.At(row, column));
        AssertIs(a.Matrix & b.Matrix, rows, columns, (row, column) => a.At(row, column) * b.At(row, column));
    }

    [EngineTheory]
    [MemberData(nameof(Operands))]
    public void Products_are_sums_of_products(string backend, bool isPart)
    {
        using var bench = new AlgebraBench(backend, isPart);
        var (a, b, c) = (bench.Random(Rows, Columns, 1), bench.Random(Columns, 19, 2), bench.Random(23, Columns, 3));
        AssertIs(a.Matrix * b.Matrix, Rows, 19, (row, column) => Sum(k => (double)a.At(row, k) * b.At(k, column)));
        AssertIs(a.Matrix.TimesTransposed(c.Matrix), Rows, 23, (row, column) => Sum(k => (double)a.At(row, k) * c.At(column, k)));
        // Of a transposed one, whose rows lie apart.
        AssertIs(b.Matrix.Transposed().TimesTransposed(a.Matrix), 19, Rows, (row, column) => Sum(k => (double)b.At(k, row) * a.At(column, k)));
    }

    [EngineTheory]
    [MemberData(nameof(Operands))]
    public void Rows_and_columns_are_picked_moved_and_overwritten(string backend, bool isPart)
    {
        using var bench = new AlgebraBench(backend, isPart);
        var a = bench.Random(Rows, Columns, 1);
        AssertIs(a.Matrix.Part(1, 3, 2, 30), 3, 30, (row, column) => a.At(row + 1, column + 2));
        AssertIs(a.Matrix.RowsFrom(2).ColumnRange(5, 8).RowRange(1, 2), 2, 8, (row, column) => a.At(row + 3, column + 5));
        AssertIs(a.Matrix.Transposed(), Columns, Rows, (row, column) => a.At(column, row));
        int[] taken = [4, 0, 4, 2, 2, 1, 3];
        AssertIs(a.Matrix.TakeRows(taken), taken.Length, Columns, (row, column) => a.At(taken[row], column));
        AssertIs(bench.Algebra.Stack(a.Matrix, a.Matrix.RowRange(1, 1)), Rows + 1, Columns, (row, column) => a.At(row == Rows ? 1 : row, column));
        var target = bench.Algebra.Zeros(Rows, Columns);
        target.Part(1, 2, 3, 4).Set(a.Matrix.Part(0, 2, 0, 4));
        AssertIs(target, Rows, Columns, (row, column) => row is 1 or 2 && column is >= 3 and < 7 ? a.At(row - 1, column - 3) : 0);
        AssertIs(bench.Algebra.Keep(Rows, Columns, () => 2 * a.Matrix), Rows, Columns, (row, column) => 2 * a.At(row, column));
    }

    [EngineTheory]
    [MemberData(nameof(Operands))]
    public void What_comes_of_a_matrix_is_another(string backend, bool isPart)
    {
        using var bench = new AlgebraBench(backend, isPart);
        var (single, a) = (bench.Random(1, Columns, 1), bench.Random(Rows, Columns, 2));
        Matrix[] copies = [single.Matrix.Transposed(), a.Matrix.Transposed(), a.Matrix.TakeRows([0, 1, 2, 3, 4]), a.Matrix.Scale(1, 0), a.Matrix.ReplaceBelow(float.MinValue, 0)];
        foreach (var copy in copies)
            copy.Set(bench.Algebra.Zeros(copy.Rows, copy.Columns));
        AssertIs(single.Matrix, 1, Columns, (row, column) => single.At(row, column));
        AssertIs(a.Matrix, Rows, Columns, (row, column) => a.At(row, column));
        // Parts are the matrix itself.
        a.Matrix.RowRange(0, 1).Set(single.Matrix);
        AssertIs(a.Matrix, Rows, Columns, (row, column) => row == 0 ? single.At(0, column) : a.At(row, column));
    }

    [EngineTheory]
    [MemberData(nameof(Operands))]
    public void Another_size_is_refused(string backend, bool isPart)
    {
        using var bench = new AlgebraBench(backend, isPart);
        var a = bench.Random(Rows, Columns, 1).Matrix;
        Assert.ThrowsAny<ArgumentException>(() => a.Set(a.RowRange(0, 1)));
        Assert.ThrowsAny<ArgumentException>(() => a.Set(a.ColumnRange(0, 1)));
        Assert.ThrowsAny<ArgumentException>(() => a.TakeRows([Rows]));
        Assert.ThrowsAny<ArgumentException>(() => a.TakeRows([-1]));
    }

    [EngineTheory]
    [MemberData(nameof(Operands))]
    public void Functions_are_of_each_entry(string backend, bool isPart)
    {
        using var bench = new AlgebraBench(backend, isPart);
        var a = bench.Random(Rows, Columns, 1);
        foreach (var function in Enum.GetValues<MatrixFunction>())
            AssertIs(a.Matrix.Apply(function), Rows, Columns, (row, column) => Of(function, a.At(row, column)));
        AssertIs(-1.5f * a.Matrix, Rows, Columns, (row, column) => -1.5 * a.At(row, column));
        AssertIs(a.Matrix.Scale(0.3f, 0.7f), Rows, Columns, (row, column) => 0.3 * a.At(row, column) + 0.7);
        AssertIs(a.Matrix.ReplaceBelow(0.25f, -3), Rows, Columns, (row, column) => a.At(row, column) < 0.25f ? -3 : a.At(row, column));
        var left = a.Matrix.ReplaceBelow(0.25f, float.NegativeInfinity).ToArray();
        Assert.Equal(left.Select((_, i) => a.At(i / Columns, i % Columns) < 0.25f), left.Select(float.IsNegativeInfinity));
    }

    [EngineTheory]
    [MemberData(nameof(Operands))]
    public void Rows_are_brought_to_length_or_sum_one_and_added_up(string backend, bool isPart)
    {
        using var bench = new AlgebraBench(backend, isPart);
        var a = bench.Random(Rows, Columns, 1);
        AssertIs(a.Matrix.UnitRows(), Rows, Columns, (row, column) => a.At(row, column) / Norm(row));
        AssertIs(a.Matrix.RowNorms(), Rows, 1, (row, _) => Norm(row));
        AssertIs(a.Matrix.RowSums(), Rows, 1, (row, _) => Sum(k => a.At(row, k)));
        AssertIs(a.Matrix.RowMeans(), Rows, 1, (row, _) => Sum(k => a.At(row, k)) / Columns);
        Assert.Equal(Enumerable.Range(0, Rows).Sum(row => Sum(k => a.At(row, k))) / (Rows * Columns), a.Matrix.Mean(), 1e-5);
        var shares = a.Matrix.Apply(MatrixFunction.Sigmoid);
        AssertIs(shares.DivideBySums(0.5f), Rows, Columns, (row, column) => Sigmoid(a.At(row, column)) / (Sum(k => Sigmoid(a.At(row, k))) + 0.5));

        double Norm(int row) => Math.Sqrt(Sum(k => (double)a.At(row, k) * a.At(row, k)));
    }

    [EngineTheory]
    [MemberData(nameof(Operands))]
    public void Softmax_leaves_negative_infinity_out_and_of_nothing_else_makes_zeros(string backend, bool isPart)
    {
        using var bench = new AlgebraBench(backend, isPart);
        var a = bench.Make(Rows, Columns, (row, column) => row switch
        {
            1 => float.NegativeInfinity,
            2 => column % 3 == 0 ? float.NegativeInfinity : MathF.Sin(column),
            3 => column == 5 ? 80 : float.NegativeInfinity,
            4 => 1000 + column,
            _ => MathF.Sin(column) * 4,
        });
        AssertIs(a.Matrix.Softmax(), Rows, Columns, (row, column) => row == 1 ? 0 : Math.Exp(a.At(row, column) - Max(row)) / Sum(k => Math.Exp(a.At(row, k) - Max(row))));

        double Max(int row) => Enumerable.Range(0, Columns).Max(k => a.At(row, k));
    }

    [EngineTheory]
    [MemberData(nameof(Operands))]
    public void Maps_are_resized_between_the_middles_of_their_cells(string backend, bool isPart)
    {
        using var bench = new AlgebraBench(backend, isPart);
        var a = bench.Random(2 * 3, Columns, 1);
        AssertIs(bench.Algebra.Resize(a.Matrix, 2, 3, 4, 3), 4 * 3, Columns, (row, column) =>
        {
            var (y, x) = Math.DivRem(row, 3);
            var share = Math.Clamp((y + 0.5) / 2 - 0.5, 0, 1);
            return (1 - share) * a.At(x, column) + share * a.At(3 + x, column);
        });
    }

    [EngineTheory]
    [MemberData(nameof(Operands))]
    public void Layers_multiply_and_normalise(string backend, bool isPart)
    {
        using var bench = new AlgebraBench(backend, isPart);
        var (a, weight, rows) = (bench.Random(Rows, Columns, 1), bench.Random(11, Columns, 2), bench.Random(3, Columns, 3));
        float[] bias = [.. Enumerable.Range(0, 11).Select(i => rows.At(0, i))], scale = [.. Enumerable.Range(0, Columns).Select(i => rows.At(1, i))], shift = [.. Enumerable.Range(0, Columns).Select(i => rows.At(2, i))];
        using var linear = bench.Layers.Linear(weight.Matrix.ToArray(), 11, Columns, bias);
        using var plain = bench.Layers.Linear(weight.Matrix.ToArray(), 11, Columns, null);
        using var norm = bench.Layers.Norm(scale, shift, 1e-3f);
        AssertIs(linear.Apply(a.Matrix), Rows, 11, (row, column) => Sum(k => (double)a.At(row, k) * weight.At(column, k)) + bias[column]);
        AssertIs(plain.Apply(a.Matrix), Rows, 11, (row, column) => Sum(k => (double)a.At(row, k) * weight.At(column, k)));
        AssertIs(norm.Apply(a.Matrix), Rows, Columns, (row, column) =>
        {
            var mean = Sum(k => a.At(row, k)) / Columns;
            var variance = Sum(k => Math.Pow(a.At(row, k) - mean, 2)) / Columns;
            return (a.At(row, column) - mean) / Math.Sqrt(variance + 1e-3f) * scale[column] + shift[column];
        });
    }

    [EngineTheory]
    [MemberData(nameof(Operands))]
    public void What_was_made_before_a_scope_outlives_it(string backend, bool isPart)
    {
        using var bench = new AlgebraBench(backend, isPart);
        var a = bench.Random(Rows, Columns, 1);
        var result = bench.Algebra.Zeros(Rows, Columns);
        for (var i = 0; i < 3; i++)
            using (bench.Algebra.Scope())
                result.Set(result + a.Matrix.RowRange(0, Rows));
        AssertIs(result, Rows, Columns, (row, column) => 3 * a.At(row, column));
    }

    private static double Sum(Func<int, double> term) => Enumerable.Range(0, Columns).Sum(term);

    private static double Of(MatrixFunction function, double x) => function switch
    {
        MatrixFunction.Sigmoid => Sigmoid(x),
        MatrixFunction.QuickGelu => x * Sigmoid(1.702 * x),
        MatrixFunction.Gelu => x * Phi(x),
        MatrixFunction.Silu => x * Sigmoid(x),
        MatrixFunction.Relu => Math.Max(x, 0),
        MatrixFunction.Reciprocal => 1 / x,
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, null),
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>1/2 + the normal density's series: phi(x) (x + x^3 / 3 + x^5 / 15 + …).</summary>
    private static double Phi(double x)
    {
        var (term, sum) = (x, x);
        for (var odd = 3; odd < 200; odd += 2)
            sum += term *= x * x / odd;
        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }

    private static void AssertIs(Matrix actual, int rows, int columns, Func<int, int, double> expected)
    {
        Assert.Equal((rows, columns), (actual.Rows, actual.Columns));
        var values = actual.ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            var right = expected(i / columns, i % columns);
            Assert.True(Math.Abs(right - values[i]) <= 2e-5 * Math.Max(1, Math.Abs(right)), $"[{i / columns}, {i % columns}] is {values[i]}, not {right}.");
        }
    }
}
