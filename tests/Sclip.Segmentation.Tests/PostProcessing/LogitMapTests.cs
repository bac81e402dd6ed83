using System.Runtime.CompilerServices;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation.Tests.PostProcessing;

public sealed unsafe class LogitMapTests
{
    private const int Patch = 16, Names = 21;

    [Theory]
    [InlineData(232, 239, 224, 4)]
    [InlineData(200, 300, 224, 4)]
    [InlineData(70, 90, 64, 32)]
    public void Windows_held_and_windows_added_up_give_the_same_bytes(int height, int width, int crop, int stride)
    {
        var windows = SlidingWindow.Cover(height, width, crop, stride);
        Assert.True(windows.Length > 1);
        using var threads = new Threads(2);
        using LogitMap held = new(height, width, Names, 0), added = new(height, width, Names, long.MaxValue);
        var random = new Random(4);
        foreach (var window in windows)
        {
            var (gridHeight, gridWidth) = (window.Height / Patch, window.Width / Patch);
            var patches = new float[gridHeight * gridWidth * held.Stride];
            for (var i = 0; i < patches.Length; i++)
                patches[i] = random.NextSingle() - 0.5f;
            fixed (float* values = patches)
            {
                held.AddWindow(values, gridHeight, gridWidth, window, threads);
                added.AddWindow(values, gridHeight, gridWidth, window, threads);
            }
        }
        for (var y = 0; y < height; y++)
            Assert.Equal(Row(held, y), Row(added, y));
    }

    [Fact]
    public void Rows_given_back_twice_are_lent_to_one_at_a_time()
    {
        using var threads = new Threads(1);
        using var map = new LogitMap(Patch, Patch, Names, 0);
        var patch = new float[map.Stride];
        fixed (float* values = patch)
            map.AddWindow(values, 1, 1, new Window(0, 0, Patch, Patch), threads);
        var loan = map.RentRows();
        loan.Dispose();
        loan.Dispose();
        using LogitRowsLoan first = map.RentRows(), second = map.RentRows();
        Assert.NotSame(first.Rows, second.Rows);
        Assert.Throws<ObjectDisposedException>(() => loan.Rows);
    }

    [Fact]
    public void A_map_is_let_go_while_a_thread_that_has_given_rows_back_lives()
    {
        var map = Used();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(map.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Used()
    {
        using var map = new LogitMap(Patch, Patch, Names, long.MaxValue);
        map.RentRows().Dispose();
        return new WeakReference(map);
    }

    private static int[] Row(LogitMap map, int y)
    {
        using NativeBuffer row = new(map.RowLength), mixed = new(map.LongestGridRow);
        map.Average(y, row.Pointer, mixed.Pointer);
        return [.. row.Span(0, map.RowLength).ToArray().Select(BitConverter.SingleToInt32Bits)];
    }
}
