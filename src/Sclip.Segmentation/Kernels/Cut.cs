using System.Numerics;

namespace Sclip.Segmentation.Kernels;

/// <summary>Tiles of rows, or panels, cut into parts of as many as may be, or one more.</summary>
internal readonly record struct Cut(int Count, int Parts)
{
    /// <summary>
    /// Cuts the tiles and panels of a product into cells, in whole rounds for all threads, such that a thread has as little as may be; of cuts as
    /// good, the one of fewest blocks of rows, for each of which all weights pass by.
    /// </summary>
    public static (Cut Rows, Cut Panels) Cells(int tiles, int panels, int leastRowBlocks, int threads)
    {
        var (best, least) = (default((Cut, Cut)), long.MaxValue);
        for (var rowBlocks = leastRowBlocks; rowBlocks <= Math.Min(tiles, leastRowBlocks + threads - 1); rowBlocks++)
        {
            var columnBlocks = Math.Min(panels, threads / (int)BigInteger.GreatestCommonDivisor(rowBlocks, threads));
            var share = (long)Up(rowBlocks * columnBlocks, threads) * Up(tiles, rowBlocks) * Up(panels, columnBlocks);
            if (share < least)
                (best, least) = ((new Cut(tiles, rowBlocks), new Cut(panels, columnBlocks)), share);
        }
        return best;
    }

    public int First(int part) => (int)((long)Count * part / Parts);

    /// <summary>A part of tiles as rows, of m in all: the first and their number.</summary>
    public (int First, int Rows) Rows(int part, int m, GemmKernel kernel)
    {
        var first = First(part) * kernel.Full.Rows;
        return (first, Math.Min(m, First(part + 1) * kernel.Full.Rows) - first);
    }

    private static int Up(int value, int parts) => (value + parts - 1) / parts;
}
