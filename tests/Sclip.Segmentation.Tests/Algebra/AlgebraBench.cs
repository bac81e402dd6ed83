using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.TorchSharp.Algebra;

namespace Sclip.Segmentation.Tests.Algebra;

/// <summary>Matrices of a backend, with their numbers beside them.</summary>
internal sealed class AlgebraBench : IDisposable
{
    private readonly Threads _threads = new(2);
    private readonly bool _isPart;
    private readonly IDisposable? _owned;
    private readonly IDisposable _scope;

    /// <param name="backend">The backend.</param>
    /// <param name="isPart">Whether matrices are parts of larger ones.</param>
    public AlgebraBench(string backend, bool isPart)
    {
        _isPart = isPart;
        (Algebra, Layers) = backend == Backends.Managed ? (new ManagedAlgebra(_threads), new ManagedLayers()) : OfLibtorch(backend);
        _owned = Algebra as IDisposable;
        _scope = Algebra.Scope();
    }

    public MatrixAlgebra Algebra { get; }

    public ILayerFactory Layers { get; }

    /// <summary>Numbers in -2..2, none of them near 0.</summary>
    public Sample Random(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        return Make(rows, columns, (_, _) => (random.NextSingle() * 1.9f + 0.1f) * (random.Next(2) == 0 ? 1 : -1));
    }

    public Sample Make(int rows, int columns, Func<int, int, float> entry)
    {
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
            values[i] = entry(i / columns, i % columns);
        var whole = Algebra.From(values, rows, columns);
        if (!_isPart)
            return new(whole, values);
        // Around it are numbers that would be noticed.
        var part = Algebra.Zeros(rows + 2, columns + 3).Scale(0, 1e6f).Part(1, rows, 2, columns);
        part.Set(whole);
        return new(part, values);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _owned?.Dispose();
        _threads.Dispose();
    }

    private static (MatrixAlgebra, ILayerFactory) OfLibtorch(string backend)
    {
        var device = Backends.Device(backend).Device;
        return (new TorchAlgebra(device), new TorchLayers(device, global::TorchSharp.torch.ScalarType.Float32));
    }

    /// <summary>A matrix, and the numbers that it was made of; one row or column stands for as many as are asked for.</summary>
    public sealed record Sample(Matrix Matrix, float[] Values)
    {
        public float At(int row, int column) => Values[(Matrix.Rows == 1 ? 0 : row) * Matrix.Columns + (Matrix.Columns == 1 ? 0 : column)];
    }
}
