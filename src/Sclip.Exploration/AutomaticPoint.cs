namespace Sclip.Exploration;

/// <summary>Finds a point that stands for a class.</summary>
internal static class AutomaticPoint
{
    /// <summary>
    /// The pixel of a class that is farthest, in steps along rows and columns, from every other class and from the picture's edge: the
    /// centre of the class's widest part; where several are, the one nearest the middle of the picture. The class must be in the map.
    /// </summary>
    public static (int X, int Y) Of(ReadOnlySpan<ushort> labels, int width, int height, int label)
    {
        // Two sweeps tell every pixel its distance; a frame of one pixel around the map stands for what lies outside.
        var (stride, distances) = (width + 2, new int[(width + 2) * (height + 2)]);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var at = (y + 1) * stride + x + 1;
                distances[at] = labels[y * width + x] == label ? 1 + Math.Min(distances[at - 1], distances[at - stride]) : 0;
            }
        var best = (X: 0, Y: 0, Distance: 0, Off: 0L);
        for (var y = height - 1; y >= 0; y--)
            for (var x = width - 1; x >= 0; x--)
            {
                var at = (y + 1) * stride + x + 1;
                if (distances[at] == 0)
                    continue;
                distances[at] = Math.Min(distances[at], 1 + Math.Min(distances[at + 1], distances[at + stride]));
                var off = Square(2 * x + 1 - width) + Square(2 * y + 1 - height);
                if (distances[at] > best.Distance || (distances[at] == best.Distance && off < best.Off))
                    best = (x, y, distances[at], off);
            }
        return (best.X, best.Y);
    }

    private static long Square(long value) => value * value;
}
