using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Refinement;

/// <summary>
/// Pixel-Adaptive Mask Refinement (arXiv 2005.08104, section 3.3): each pixel of a mask becomes, step by step, the mean of its neighbours
/// at the given dilations, weighted by how like them it is in colour. The weights are computed once from the picture; masks pass through
/// one plane at a time.
/// </summary>
internal sealed unsafe class Pamr
{
    /// <summary>Bytes that the weights and planes of one picture may take.</summary>
    public const long MostBytes = 4L << 30;

    private const int Neighbours = 8;
    private static readonly (int Y, int X)[] Directions = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)];

    private readonly int _height, _width, _steps;
    private readonly IReadOnlyList<int> _dilations;
    private readonly Threads _threads;
    private readonly float[][] _weights;
    private float[] _plane, _next;

    /// <param name="picture">The normalised picture, <c>[channels, height, width]</c>.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="steps">Iterations.</param>
    /// <param name="dilations">Distances to the neighbours in pixels.</param>
    /// <param name="threads">Where the work runs.</param>
    /// <param name="cancellationToken">Checked between rows of the weights.</param>
    public Pamr(float[] picture, int channels, int height, int width, int steps, IReadOnlyList<int> dilations, Threads threads, CancellationToken cancellationToken)
    {
        (_height, _width, _steps, _dilations, _threads) = (height, width, steps, dilations, threads);
        (_plane, _next) = (new float[height * width], new float[height * width]);
        _weights = [.. Enumerable.Range(0, height).Select(_ => new float[Neighbours * dilations.Count * width])];
        threads.For(height, (y, _) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            Weigh(picture, channels, y);
        });
    }

    /// <summary>The plane to refine, <c>[height, width]</c>: fill it, then call <see cref="Refine"/>.</summary>
    public float[] Plane => _plane;

    /// <summary>Refuses a picture that memory would not hold: to be called before anything is computed or allocated for it.</summary>
    /// <exception cref="SegmentationException">The picture is too large.</exception>
    public static void CheckSize(int height, int width, int dilations)
    {
        if (RequiredBytes(height, width, dilations) is > MostBytes and var bytes)
            throw new SegmentationException(
                $"PAMR over {width} x {height} pixels would take {bytes >> 20} MiB, more than {MostBytes >> 20}; leave --pamr off, use fewer dilations or a smaller picture.");
    }

    /// <summary>A weight a neighbour, and a handful of planes, for each pixel.</summary>
    public static long RequiredBytes(int height, int width, int dilations) => (long)height * width * (Neighbours * dilations + 8) * sizeof(float);

    /// <summary>Refines <see cref="Plane"/>; the result holds until the next plane is filled in.</summary>
    public float[] Refine(CancellationToken cancellationToken)
    {
        for (var step = 0; step < _steps; step++)
        {
            _threads.For(_height, (y, _) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                Step(y);
            });
            (_plane, _next) = (_next, _plane);
        }
        return _plane;
    }

    /// <summary>
    /// The weights of a row's neighbours, <c>[dilations * 8, width]</c>: the softmax over the neighbours of the mean over the channels of
    /// -|difference| / (0.1 deviation), the deviation being that of all 3 x 3 values at all dilations.
    /// </summary>
    private void Weigh(float[] picture, int channels, int y)
    {
        var weights = _weights[y];
        var count = Neighbours * _dilations.Count;
        var samples = (Neighbours + 1) * _dilations.Count;
        Span<float> differences = stackalloc float[count];
        for (var x = 0; x < _width; x++)
        {
            differences.Clear();
            for (var channel = 0; channel < channels; channel++)
            {
                var values = picture.AsSpan(channel * _height * _width, _height * _width);
                var centre = values[y * _width + x];
                double sum = 0, squares = 0;
                // Around the centre, which keeps the digits of the variance; the centre itself adds nothing.
                for (var i = 0; i < count; i++)
                {
                    double difference = values[Neighbour(y, x, i)] - centre;
                    sum += difference;
                    squares += difference * difference;
                }
                var deviation = Math.Sqrt(Math.Max(squares - sum * sum / samples, 0) / (samples - 1));
                var factor = (float)(-1 / (1e-8 + 0.1 * deviation) / channels);
                for (var i = 0; i < count; i++)
                    differences[i] += MathF.Abs(values[Neighbour(y, x, i)] - centre) * factor;
            }
            fixed (float* row = differences)
                Softmax.Row(row, count);
            for (var i = 0; i < count; i++)
                weights[i * _width + x] = differences[i];
        }
    }

    /// <summary>Borders repeat the outermost pixel.</summary>
    private int Neighbour(int y, int x, int index)
    {
        var dilation = _dilations[index / Neighbours];
        var direction = Directions[index % Neighbours];
        return Math.Clamp(y + direction.Y * dilation, 0, _height - 1) * _width + Math.Clamp(x + direction.X * dilation, 0, _width - 1);
    }

    /// <summary>next[y] = the weighted sum of the neighbours, neighbour by neighbour, so that the inner loop runs straight along rows.</summary>
    private void Step(int y)
    {
        fixed (float* plane = _plane, weights = _weights[y], next = &_next[y * _width])
        {
            new Span<float>(next, _width).Clear();
            for (var i = 0; i < Neighbours * _dilations.Count; i++)
            {
                var dilation = _dilations[i / Neighbours];
                var direction = Directions[i % Neighbours];
                var source = plane + (nint)Math.Clamp(y + direction.Y * dilation, 0, _height - 1) * _width;
                WeightedRow.Add(weights + (nint)i * _width, source, direction.X * dilation, next, _width, Simd.Width);
            }
        }
    }
}
