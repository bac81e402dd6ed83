using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Algebra;

/// <summary>Matrices in the memory of the host, computed on the threads of a forward pass.</summary>
internal sealed unsafe class ManagedAlgebra(Threads threads) : MatrixAlgebra, IDisposable
{
    // Of less, one thread is done before others have begun.
    private const int MostEntriesOfOne = 1 << 18;

    // So that none waits long for another.
    private const int BandsOfThread = 4;

    private readonly MatrixArena _arena = new();

    /// <summary>What products run on.</summary>
    public Threads Threads => threads;

    /// <summary>Does something to each row, in bands on all threads where there are entries enough.</summary>
    public void ForRows(int rows, int columns, Action<int> work)
    {
        var bands = (long)rows * columns > MostEntriesOfOne ? Math.Min(rows, BandsOfThread * threads.Count) : 1;
        threads.For(bands, (band, _) =>
        {
            for (int row = (int)((long)rows * band / bands), end = (int)((long)rows * (band + 1) / bands); row < end; row++)
                work(row);
        });
    }

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
