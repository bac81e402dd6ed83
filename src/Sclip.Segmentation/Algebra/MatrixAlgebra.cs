using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Algebra;

/// <summary>Makes matrices on a backend. Not for several threads at a time.</summary>
internal abstract class MatrixAlgebra
{
    /// <summary>Begins a scope: matrices made in it are let go of when it is disposed of.</summary>
    public abstract IDisposable Scope();

    /// <summary>A matrix of values of the host, row by row.</summary>
    public abstract Matrix From(ReadOnlySpan<float> values, int rows, int columns);

    /// <summary>A matrix of zeros, to be filled part by part.</summary>
    public abstract Matrix Zeros(int rows, int columns);

    /// <summary>What some operations result in, <c>[rows, columns]</c>; the matrices that they make on the way are let go of at once.</summary>
    public Matrix Keep(int rows, int columns, Func<Matrix> operations)
    {
        var result = Zeros(rows, columns);
        using (Scope())
            result.Set(operations());
        return result;
    }

    /// <summary>Matrices one below the other.</summary>
    public Matrix Stack(params ReadOnlySpan<Matrix> parts)
    {
        var rows = 0;
        foreach (var part in parts)
            rows += part.Rows;
        var stacked = Zeros(rows, parts[0].Columns);
        rows = 0;
        foreach (var part in parts)
        {
            stacked.RowRange(rows, part.Rows).Set(part);
            rows += part.Rows;
        }
        return stacked;
    }

    /// <summary>A map <c>[height * width, channels]</c>, interpolated bilinearly to <c>[newHeight * newWidth, channels]</c>, on the host.</summary>
    public Matrix Resize(Matrix map, int height, int width, int newHeight, int newWidth)
    {
        var resized = new float[checked(newHeight * newWidth * map.Columns)];
        BilinearResize.Pixels(map.ToArray(), height, width, map.Columns, resized, newHeight, newWidth);
        return From(resized, newHeight * newWidth, map.Columns);
    }
}
