namespace Sclip.Segmentation.Kernels;

/// <summary>
/// Bicubic interpolation (a = -0.5) of a channel-last map to a size, its kernel widened by how much the map shrinks, as PIL and PyTorch's antialiasing do it. What
/// the kernel has beyond the borders is left out, and the rest of its weights divided by their sum.
/// </summary>
internal static class AntialiasedBicubicResize
{
    private const double A = -0.5;

    // Half of the kernel's width where nothing shrinks.
    private const double Reach = 2;

    /// <summary>[height, width, channels] to [newHeight, newWidth, channels].</summary>
    public static void Apply(ReadOnlySpan<float> source, int height, int width, int channels, Span<float> target, int newHeight, int newWidth)
    {
        var (rows, columns) = (Weights(height, newHeight), Weights(width, newWidth));
        for (var y = 0; y < newHeight; y++)
            for (var x = 0; x < newWidth; x++)
            {
                var pixel = target.Slice((y * newWidth + x) * channels, channels);
                pixel.Clear();
                for (var i = 0; i < rows[y].Weights.Length; i++)
                    for (var j = 0; j < columns[x].Weights.Length; j++)
                    {
                        var weight = (float)(rows[y].Weights[i] * columns[x].Weights[j]);
                        var neighbour = source.Slice(((rows[y].First + i) * width + columns[x].First + j) * channels, channels);
                        for (var channel = 0; channel < channels; channel++)
                            pixel[channel] += weight * neighbour[channel];
                    }
            }
    }

    /// <summary>For each target position the first source position that it is made of, and the weights from there on.</summary>
    public static (int First, double[] Weights)[] Weights(int source, int target)
    {
        var weights = new (int, double[])[target];
        var scale = (double)source / target;
        var widening = Math.Max(scale, 1);
        for (var i = 0; i < target; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max((int)(centre - Reach * widening + 0.5), 0);
            var end = Math.Min((int)(centre + Reach * widening + 0.5), source);
            var values = new double[end - first];
            for (var j = 0; j < values.Length; j++)
                values[j] = Kernel(Math.Abs(first + j + 0.5 - centre) / widening);
            var sum = values.Sum();
            weights[i] = (first, [.. values.Select(value => value / sum)]);
        }
        return weights;
    }

    private static double Kernel(double x) => x switch
    {
        < 1 => ((A + 2) * x - (A + 3)) * x * x + 1,
        < 2 => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A,
        _ => 0,
    };
}
