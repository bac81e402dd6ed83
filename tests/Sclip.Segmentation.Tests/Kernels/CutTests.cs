using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Tests.Kernels;

public class CutTests
{
    public static TheoryData<int, int> WindowsAndThreads
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (var threads in (int[])[2, 3, 4, 8, 16])
                foreach (var windows in (int[])[1, 2, 3, 6])
                    if (windows < threads)
                        data.Add(windows, threads);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WindowsAndThreads))]
    public void Few_windows_of_ViT_B_16_are_shared_evenly_by_many_threads(int windows, int threads)
    {
        var tiles = (windows * 197 + 11) / 12;
        foreach (var panels in (int[])[24, 72, 96])
        {
            var (rows, columns) = Cut.Cells(tiles, panels, windows, threads);
            var rounds = (rows.Parts * columns.Parts + threads - 1) / threads;
            var largest = (double)rounds * Largest(rows) * Largest(columns);
            Assert.InRange(largest, 1, 1.06 * tiles * panels / threads);
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 8)]
    [InlineData(1, 24, 1, 5)]
    [InlineData(17, 1, 1, 33)]
    [InlineData(50, 3, 3, 4)]
    [InlineData(50, 24, 3, 1)]
    public void Parts_follow_each_other_and_are_all_there_is(int tiles, int panels, int leastRowBlocks, int threads)
    {
        var (rows, columns) = Cut.Cells(tiles, panels, leastRowBlocks, threads);
        Assert.InRange(rows.Parts, leastRowBlocks, tiles);
        foreach (var (cut, count) in (IEnumerable<(Cut, int)>)[(rows, tiles), (columns, panels)])
        {
            Assert.Equal((0, count), (cut.First(0), cut.First(cut.Parts)));
            Assert.All(Enumerable.Range(0, cut.Parts), part => Assert.True(cut.First(part) < cut.First(part + 1)));
        }
    }

    private static int Largest(Cut cut) => Enumerable.Range(0, cut.Parts).Max(part => cut.First(part + 1) - cut.First(part));
}
