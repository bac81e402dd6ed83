namespace Sclip.Segmentation.Kernels;

/// <summary>Bicubic interpolation (a = -0.75) of a channel-last map by given factors: source = (target + 0.5) / factor - 0.5, clamped at the borders.</summary>
internal static class BicubicResize
{
    private const double A = -0.75;

    /// <summary>[height, width, channels] to [newHeight, newWidth, channels].</summary>
    public static void Apply(
        ReadOnlySpan<float> source, int height, int width, int channels, Span<float> target, int newHeight, int newWidth, double factorY, double factorX)
    {
        Span<double> weightsY = stackalloc double[4];
        Span<double> weightsX = stackalloc double[4];
        for (var y = 0; y < newHeight; y++)
        {
            var top = Weigh((y + 0.5) / factorY - 0.5, weightsY);
            for (var x = 0; x < newWidth; x++)
            {
                var left = Weigh((x + 0.5) / factorX - 0.5, weightsX);
                var pixel = target.Slice((y * newWidth + x) * channels, channels);
                pixel.Clear();
                for (var i = 0; i < 16; i++)
                {
                    var weight = (float)(weightsY[i / 4] * weightsX[i % 4]);
                    var row = Math.Clamp(top + i / 4, 0, height - 1);
                    var column = Math.Clamp(left + i % 4, 0, width - 1);
                    var neighbour = source.Slice((row * width + column) * channels, channels);
                    for (var channel = 0; channel < channels; channel++)
                        pixel[channel] += weight * neighbour[channel];
                }
            }
        }
    }

    /// <summary>The weights of the four neighbours of a coordinate, and the index of the first.</summary>
    private static int Weigh(double coordinate, Span<double> weights)
    {
        var floor = Math.Floor(coordinate);
        var t = coordinate - floor;
        weights[0] = Outer(t + 1);
        weights[1] = Inner(t);
        weights[2] = Inner(1 - t);
        weights[3] = Outer(2 - t);
        return (int)floor - 1;
    }

    private static double Inner(double x) => ((A + 2) * x - (A + 3)) * x * x + 1;

    private static double Outer(double x) => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
}
