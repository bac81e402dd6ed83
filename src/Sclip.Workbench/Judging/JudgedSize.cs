namespace Sclip.Workbench.Judging;

/// <summary>The size that label maps are judged in, after each key: their own, or that of every second, third, … pixel where they are large.</summary>
internal static class JudgedSize
{
    private const double MostPixels = 1_000_000;

    /// <summary>The size for a map.</summary>
    public static (int Width, int Height) Of((int Width, int Height) size)
    {
        var step = (int)Math.Ceiling(Math.Sqrt((double)size.Width * size.Height / MostPixels));
        return step <= 1 ? size : (Math.Max(1, size.Width / step), Math.Max(1, size.Height / step));
    }

    /// <summary>The row or column of the map that one of the small map stands for.</summary>
    /// <param name="index">Which.</param>
    /// <param name="count">How many the small map has.</param>
    /// <param name="whole">How many the map has.</param>
    public static int Centre(int index, int count, int whole) => (int)((2L * index + 1) * whole / (2L * count));
}
