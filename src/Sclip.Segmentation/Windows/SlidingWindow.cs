using Sclip.Contracts.Jobs;

namespace Sclip.Segmentation.Windows;

/// <summary>A part of a picture, in pixels.</summary>
internal readonly record struct Window(int Y, int X, int Height, int Width);

/// <summary>Where the overlapping windows of a picture lie.</summary>
internal static class SlidingWindow
{
    /// <summary>Windows of side <paramref name="crop"/> every <paramref name="stride"/> pixels, the last ones pushed back inside; crop 0 is the whole picture.</summary>
    public static Window[] Cover(int height, int width, int crop, int stride)
    {
        if (crop == 0)
            return [new Window(0, 0, height, width)];
        var rows = Spans(height, crop, stride);
        var columns = Spans(width, crop, stride);
        return [.. rows.SelectMany(row => columns.Select(column => new Window(row.Start, column.Start, row.Length, column.Length)))];
    }

    private static (int Start, int Length)[] Spans(int length, int crop, int stride)
    {
        var spans = new (int, int)[WindowCount.Along(length, crop, stride)];
        for (var i = 0; i < spans.Length; i++)
        {
            var end = Math.Min(i * stride + crop, length);
            var start = Math.Max(end - crop, 0);
            spans[i] = (start, end - start);
        }
        return spans;
    }
}
