using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.Tests.Kernels;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation.Tests.PostProcessing;

public sealed unsafe class LogitRowsTests
{
    private static readonly (int First, int Second)[] Down = [(0, 1), (0, 1), (1, 2), (2, 2)];

    [Fact]
    public void Rows_that_are_kept_mix_as_rows_made_afresh_in_whatever_order_they_are_asked_for()
    {
        using var map = Map();
        using var kept = new LogitRows(map);
        (int, int)[] order = [.. Down, .. Down.Reverse(), (5, 6), (0, 1), (1, 0), (6, 1)];
        foreach (var (first, second) in order)
        {
            var expected = Fresh(first, map).Zip(Fresh(second, map), (a, b) => float.MultiplyAddEstimate(b - a, 0.3f, a));
            Assert.Equal(expected, Mix(kept, new Tap(first, second, 0.3f), map));
        }
    }

    /// <summary>A row by itself.</summary>
    private static float[] Fresh(int y, LogitMap map)
    {
        using var rows = new LogitRows(map);
        return Mix(rows, new Tap(y, y, 0), map);
    }

    private static float[] Mix(LogitRows rows, Tap tap, LogitMap map)
    {
        var row = new float[map.RowLength];
        fixed (float* target = row)
            rows.Mix(tap, target);
        return row;
    }

    /// <summary>A picture of 7 x 9 pixels under four windows of 2 x 3 patches.</summary>
    private static LogitMap Map()
    {
        using var threads = new Threads(1);
        var map = new LogitMap(7, 9, names: 5, patches: 4 * 2 * 3);
        foreach (var (i, window) in SlidingWindow.Cover(7, 9, 6, 5).Index())
            fixed (float* patches = Reference.Random(2 * 3 * map.Stride, i))
                map.AddWindow(patches, 2, 3, window, threads);
        return map;
    }
}
