using System.Numerics.Tensors;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Algebra;

/// <summary>A matrix in the memory of the host; rows lie <see cref="Stride"/> floats apart.</summary>
internal sealed unsafe class ManagedMatrix(ManagedAlgebra algebra, float* pointer, int rows, int columns, nint stride) : Matrix(rows, columns)
{
    public override MatrixAlgebra Algebra => algebra;

    public float* Pointer => pointer;

    public nint Stride => stride;

    /// <summary>The threads that its products run on.</summary>
    public Threads Threads => algebra.Threads;

    public Span<float> Row(int row) => new(pointer + row * stride, Columns);

    /// <summary>Zeros everywhere.</summary>
    public void Clear()
    {
        for (var row = 0; row < Rows; row++)
            Row(row).Clear();
    }

    /// <summary>A new matrix beside this one, its entries still to be written.</summary>
    public ManagedMatrix New(int rows, int columns) => algebra.New(rows, columns);

    /// <summary>Does something to each row, on all threads where there are entries enough.</summary>
    public void ForRows(int rows, int columns, Action<int> work) => algebra.ForRows(rows, columns, work);

    public override Matrix TimesTransposed(Matrix b)
    {
        var right = (ManagedMatrix)b;
        var packed = new PackedMatrix(right.Columns, right.Rows, GemmKernel.Best, algebra.Take);
        PackedMatrix.PackTransposed(right.Pointer, right.Stride, right.Rows, right.Columns, packed.Values, packed.Kernel);
        return Product(packed);
    }

    public override Matrix Part(int firstRow, int rows, int firstColumn, int columns)
    {
        RequireRange(firstRow, rows, Rows);
        RequireRange(firstColumn, columns, Columns);
        return algebra.Over(pointer + firstRow * stride + firstColumn, rows, columns, stride);
    }

    public override Matrix TakeRows(ReadOnlySpan<int> rows)
    {
        var target = New(rows.Length, Columns);
        for (var i = 0; i < rows.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rows[i], (uint)Rows, nameof(rows));
            Row(rows[i]).CopyTo(target.Row(i));
        }
        return target;
    }

    public override Matrix Transposed()
    {
        var target = New(Columns, Rows);
        // Pieces of some rows: each is read and written in lines of the cache.
        const int RowsOfPiece = 16;
        for (var first = 0; first < Rows; first += RowsOfPiece)
            Transpose.Apply(pointer + first * stride, stride, Math.Min(RowsOfPiece, Rows - first), Columns, target.Pointer + first, target.Stride);
        return target;
    }

    public override void Set(Matrix values)
    {
        var source = (ManagedMatrix)values;
        RequireSize(values);
        for (var row = 0; row < Rows; row++)
            source.Row(row).CopyTo(Row(row));
    }

    public override Matrix Scale(float factor, float offset) => Map((source, target) =>
    {
        TensorPrimitives.Multiply(source, factor, target);
        if (offset != 0)
            TensorPrimitives.Add(target, offset, target);
    });

    public override Matrix Apply(MatrixFunction function) => function switch
    {
        MatrixFunction.Sigmoid => Map(TensorPrimitives.Sigmoid),
        MatrixFunction.Silu => Map((source, target) =>
        {
            TensorPrimitives.Sigmoid(source, target);
            TensorPrimitives.Multiply(source, target, target);
        }),
        MatrixFunction.Relu => Map((source, target) => TensorPrimitives.Max(source, 0f, target)),
        MatrixFunction.Reciprocal => Map(TensorPrimitives.Reciprocal),
        MatrixFunction.QuickGelu => Map((source, target) => Activate(source, target, Epilogue.QuickGelu)),
        MatrixFunction.Gelu => Map((source, target) => Activate(source, target, Epilogue.Gelu)),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, null),
    };

    public override Matrix ReplaceBelow(float threshold, float replacement) => Map((source, target) =>
    {
        for (var i = 0; i < source.Length; i++)
            target[i] = source[i] < threshold ? replacement : source[i];
    });

    public override Matrix Softmax() => Map((source, target) =>
    {
        if (float.IsNegativeInfinity(TensorPrimitives.Max(source)))
        {
            target.Clear();
            return;
        }
        source.CopyTo(target);
        fixed (float* row = target)
            Kernels.Softmax.Row(row, target.Length);
    });

    public override Matrix UnitRows() => Map((source, target) => TensorPrimitives.Divide(source, TensorPrimitives.Norm(source), target));

    public override Matrix RowSums() => Reduce(TensorPrimitives.Sum);

    public override Matrix RowNorms() => Reduce(TensorPrimitives.Norm);

    public override float Mean()
    {
        var sum = 0.0;
        for (var row = 0; row < Rows; row++)
            sum += TensorPrimitives.Sum<float>(Row(row));
        return (float)(sum / ((double)Rows * Columns));
    }

    public override float[] ToArray()
    {
        var values = new float[checked(Rows * Columns)];
        for (var row = 0; row < Rows; row++)
            Row(row).CopyTo(values.AsSpan(row * Columns, Columns));
        return values;
    }

    protected override Matrix Times(Matrix b)
    {
        var right = (ManagedMatrix)b;
        var packed = new PackedMatrix(right.Rows, right.Columns, GemmKernel.Best, algebra.Take);
        PackedMatrix.Pack(right.Pointer, right.Stride, right.Rows, right.Columns, packed.Values, packed.Kernel);
        return Product(packed);
    }

    protected override Matrix Combine(Elementwise2 operation, Matrix b)
    {
        var (left, right) = (this, (ManagedMatrix)b);
        var target = New(Extent(Rows, b.Rows), Extent(Columns, b.Columns));
        ForRows(target.Rows, target.Columns, row => Combine(operation, left.Row(Rows == 1 ? 0 : row), right.Row(b.Rows == 1 ? 0 : row), target.Row(row)));
        return target;
    }

    private static void RequireRange(int first, int count, int extent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, extent - first);
    }

    private static int Extent(int a, int b) =>
        a == b || b == 1 ? a : a == 1 ? b : throw new ArgumentException($"Matrices of {a} and {b} rows or columns cannot be combined.");

    private static void Combine(Elementwise2 operation, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> target)
    {
        // A factor of one column stands for all of them.
        if (a.Length < target.Length)
            target.Fill(a[0]);
        else
            a.CopyTo(target);
        var spread = b.Length < target.Length;
        switch (operation)
        {
            case Elementwise2.Sum when spread: TensorPrimitives.Add(target, b[0], target); break;
            case Elementwise2.Sum: TensorPrimitives.Add(target, b, target); break;
            case Elementwise2.Difference when spread: TensorPrimitives.Subtract(target, b[0], target); break;
            case Elementwise2.Difference: TensorPrimitives.Subtract(target, b, target); break;
            case Elementwise2.Product when spread: TensorPrimitives.Multiply(target, b[0], target); break;
            default: TensorPrimitives.Multiply(target, b, target); break;
        }
    }

    private static void Activate(ReadOnlySpan<float> source, Span<float> target, Epilogue epilogue)
    {
        source.CopyTo(target);
        fixed (float* row = target)
            GemmKernel.Best.Finish(row, 0, 1, target.Length, null, epilogue);
    }

    private ManagedMatrix Product(PackedMatrix right)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.K, Columns);
        var target = New(Rows, right.N);
        Gemm.Multiply(pointer, stride, Rows, right, target.Pointer, target.Stride, null, Epilogue.None, Threads);
        return target;
    }

    private ManagedMatrix Reduce(RowSum sum)
    {
        var target = New(Rows, 1);
        ForRows(Rows, Columns, row => target.Row(row)[0] = sum(Row(row)));
        return target;
    }

    private ManagedMatrix Map(RowMap map)
    {
        var target = New(Rows, Columns);
        ForRows(Rows, Columns, row => map(Row(row), target.Row(row)));
        return target;
    }

    private delegate void RowMap(ReadOnlySpan<float> source, Span<float> target);

    private delegate float RowSum(ReadOnlySpan<float> source);
}
