using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Algebra;

/// <summary>Matrices in the memory of the host, computed on the threads of a forward pass.</summary>
internal sealed unsafe class ManagedAlgebra(Threads threads) : MatrixAlgebra, IDisposable
{
    private readonly MatrixArena _arena = new();

    /// <summary>What products run on.</summary>
    public Threads Threads => threads;

    public override IDisposable Scope() => _arena.Scope();

    public override Matrix From(ReadOnlySpan<float> values, int rows, int columns)
    {
        var matrix = New(rows, columns);
        values.CopyTo(new Span<float>(matrix.Pointer, checked(rows * columns)));
        return matrix;
    }

    public override Matrix Zeros(int rows, int columns)
    {
        var matrix = New(rows, columns);
        matrix.Clear();
        return matrix;
    }

    /// <summary>A matrix that lies where the caller has it, rows <paramref name="stride"/> floats apart.</summary>
    public ManagedMatrix Over(float* values, int rows, int columns, nint stride) => new(this, values, rows, columns, stride);

    /// <summary>A matrix whose entries are still to be written.</summary>
    public ManagedMatrix New(int rows, int columns) => new(this, _arena.Take((long)rows * columns), rows, columns, columns);

    /// <summary>Working memory till the scope ends.</summary>
    public float* Take(long length) => _arena.Take(length);

    public void Dispose() => _arena.Dispose();
}
