using System.Numerics.Tensors;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Refinement;

/// <summary>
/// The graph of LPOSS (arXiv 2503.19777) over N patches with unit features F and places in pixels: each has edges to its k nearest by cosine, itself left out
/// afterwards, of weight max(cos, 0)^gamma exp(-sigma distance); W is that plus its transpose, S = D^-1/2 W D^-1/2 with D the sums of its rows. Constants
/// are those of the authors' code.
/// </summary>
internal sealed class PatchGraph
{
    private const int Neighbours = 400, MostSteps = 10;
    private const float Alpha = 0.95f, Gamma = 3, Sigma = 0.01f, Tolerance = 1e-6f;

    // Cosines that are held at a time.
    private const int MostCosines = 1 << 22;

    // Row i of S has the entries from _first[i] to _first[i + 1]; a column may be there twice.
    private readonly int[] _first, _columns;
    private readonly float[] _weights;

    private PatchGraph(int[] first, int[] columns, float[] weights) => (_first, _columns, _weights) = (first, columns, weights);

    private int Count => _first.Length - 1;

    /// <summary>The graph of patches.</summary>
    /// <param name="features">F, <c>[N, n]</c>.</param>
    /// <param name="places">Where they lie.</param>
    /// <param name="threads">Where it runs.</param>
    /// <param name="cancellationToken">Checked between rows.</param>
    public static PatchGraph Of(float[] features, (double Y, double X)[] places, Threads threads, CancellationToken cancellationToken)
    {
        var (count, kept) = (places.Length, Math.Min(Neighbours, places.Length));
        var (neighbours, weights) = (new int[count * kept], new float[count * kept]);
        using var algebra = new ManagedAlgebra(threads);
        var all = algebra.From(features, count, features.Length / count);
        var some = Math.Max(1, MostCosines / count);
        for (var from = 0; from < count; from += some)
        {
            using var scope = algebra.Scope();
            var (begin, rows) = (from, Math.Min(some, count - from));
            var cosines = all.RowRange(begin, rows).TimesTransposed(all).ToArray();
            threads.For(rows, (row, _) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                var i = begin + row;
                Nearest(cosines.AsSpan(row * count, count), neighbours.AsSpan(i * kept, kept));
                for (var edge = i * kept; edge < (i + 1) * kept; edge++)
                {
                    var j = neighbours[edge];
                    var distance = Math.Sqrt((places[i].Y - places[j].Y) * (places[i].Y - places[j].Y) + (places[i].X - places[j].X) * (places[i].X - places[j].X));
                    weights[edge] = i == j ? 0 : MathF.Pow(Math.Max(cosines[row * count + j], 0), Gamma) * (float)Math.Exp(-Sigma * distance);
                }
            });
        }
        return Symmetric(count, kept, neighbours, weights);
    }

    /// <summary>(1 - alpha) (I - alpha S)^-1 Y by conjugate gradients, of each name's column of Y <c>[N, names]</c> as many steps as it needs, ten at most.</summary>
    public float[] Propagate(float[] y, int names, Threads threads, CancellationToken cancellationToken)
    {
        var (z, residual, direction, image) = (new float[y.Length], y.AsSpan().ToArray(), y.AsSpan().ToArray(), new float[y.Length]);
        var squares = ColumnDots(residual, residual, names);
        var enough = Array.ConvertAll(squares, square => square * Tolerance * Tolerance);
        for (var step = 0; step < MostSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            threads.For(Count, (row, _) => Multiply(direction, row, image.AsSpan(row * names, names)));
            var products = ColumnDots(direction, image, names);
            // Of a column that is solved nothing is changed any more.
            float[] along = [.. squares.Select((square, name) => square <= enough[name] ? 0 : (float)(square / products[name]))];
            float[] against = [.. along.Select(value => -value)];
            AddScaled(direction, along, z);
            AddScaled(image, against, residual);
            var next = ColumnDots(residual, residual, names);
            float[] turn = [.. next.Select((square, name) => squares[name] <= enough[name] ? 0 : (float)(square / squares[name]))];
            for (var row = 0; row < Count; row++)
            {
                var part = direction.AsSpan(row * names, names);
                TensorPrimitives.MultiplyAdd(part, turn, residual.AsSpan(row * names, names), part);
            }
            squares = [.. next.Select((square, name) => squares[name] <= enough[name] ? squares[name] : square)];
        }
        TensorPrimitives.Multiply(z, 1 - Alpha, z);
        return z;
    }

    /// <summary>The positions of the largest values, the earlier of equal ones.</summary>
    internal static void Nearest(ReadOnlySpan<float> values, Span<int> positions)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var least = sorted[^positions.Length];
        var above = 0;
        for (var i = sorted.Length - positions.Length; i < sorted.Length; i++)
            above += sorted[i] > least ? 1 : 0;
        var (equal, found) = (positions.Length - above, 0);
        for (var i = 0; i < values.Length && found < positions.Length; i++)
            if (values[i] > least || (values[i] == least && equal-- > 0))
                positions[found++] = i;
    }

    private static PatchGraph Symmetric(int count, int kept, int[] neighbours, float[] weights)
    {
        var (first, sums) = (new int[count + 1], new double[count]);
        ForEdges((i, j, weight) =>
        {
            first[i + 1]++;
            sums[i] += weight;
        });
        for (var i = 0; i < count; i++)
            first[i + 1] += first[i];
        var (columns, entries, next) = (new int[first[count]], new float[first[count]], first[..count]);
        ForEdges((i, j, weight) =>
        {
            columns[next[i]] = j;
            entries[next[i]++] = (float)(weight / Math.Sqrt(sums[i] * sums[j]));
        });
        return new PatchGraph(first, columns, entries);

        void ForEdges(Action<int, int, float> each)
        {
            for (var edge = 0; edge < weights.Length; edge++)
            {
                if (weights[edge] == 0)
                    continue;
                each(edge / kept, neighbours[edge], weights[edge]);
                each(neighbours[edge], edge / kept, weights[edge]);
            }
        }
    }

    /// <summary>A row of (I - alpha S) X.</summary>
    private void Multiply(float[] x, int row, Span<float> target)
    {
        target.Clear();
        for (var entry = _first[row]; entry < _first[row + 1]; entry++)
            TensorPrimitives.MultiplyAdd(x.AsSpan(_columns[entry] * target.Length, target.Length), -Alpha * _weights[entry], target, target);
        TensorPrimitives.Add(target, x.AsSpan(row * target.Length, target.Length), target);
    }

    private void AddScaled(float[] x, float[] factors, float[] target)
    {
        for (var row = 0; row < Count; row++)
        {
            var part = target.AsSpan(row * factors.Length, factors.Length);
            TensorPrimitives.MultiplyAdd(x.AsSpan(row * factors.Length, factors.Length), factors, part, part);
        }
    }

    private double[] ColumnDots(float[] a, float[] b, int names)
    {
        var dots = new double[names];
        for (var row = 0; row < Count; row++)
            for (var name = 0; name < names; name++)
                dots[name] += (double)a[row * names + name] * b[row * names + name];
        return dots;
    }
}
