using System.Buffers;
using System.Runtime.InteropServices;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// The last step of CLIPtrase: each pixel belongs to the region that it is most like, and all pixels of a region take the label that most of them have; of labels
/// as frequent the first. How like a region pixels are is its patches', enlarged four times bilinearly, smoothed by a median of 7 x 7, then enlarged to the picture.
/// Patches in no region vote where their pixels lie.
/// </summary>
internal static class RegionVote
{
    private const int Enlarged = 4, Radius = 3;

    /// <summary>Replaces the labels of a finished label map by those of its regions.</summary>
    /// <param name="labelMap">Classes of pixels, <c>[height, width]</c>.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="regions">The picture's regions; where there are none, labels stay.</param>
    /// <param name="threads">Where it runs.</param>
    public static void Apply(ushort[] labelMap, int height, int width, PatchRegions regions, Threads threads)
    {
        if (regions.Count == 0)
            return;
        var regionOfPixel = RegionsOfPixels(Smoothed(regions, threads), regions, height, width, threads);
        var votes = new Dictionary<(int Region, ushort Label), int>();
        for (var first = 0; first < labelMap.Length;)
        {
            var (pixel, region, label) = (first, regionOfPixel[first], labelMap[first]);
            while (pixel < labelMap.Length && regionOfPixel[pixel] == region && labelMap[pixel] == label)
                pixel++;
            CollectionsMarshal.GetValueRefOrAddDefault(votes, (region, label), out _) += pixel - first;
            first = pixel;
        }
        var winners = new (int Votes, ushort Label)[regions.Count];
        foreach (var ((region, label), count) in votes)
            if (count > winners[region].Votes || (count == winners[region].Votes && label < winners[region].Label))
                winners[region] = (count, label);
        for (var pixel = 0; pixel < labelMap.Length; pixel++)
            labelMap[pixel] = winners[regionOfPixel[pixel]].Label;
    }

    /// <summary>Regions' likeness enlarged and smoothed, <c>[regions, 4 rows of patches, 4 patches of a row]</c>.</summary>
    public static float[] Smoothed(PatchRegions regions, Threads threads)
    {
        var (height, width) = (Enlarged * regions.GridHeight, Enlarged * regions.GridWidth);
        var (large, smooth) = (new float[regions.Count * height * width], new float[regions.Count * height * width]);
        BilinearResize.Planes(regions.Likeness, regions.Count, regions.GridHeight, regions.GridWidth, large, height, width);
        threads.For(regions.Count * height, (row, _) =>
        {
            var (region, y) = Math.DivRem(row, height);
            Span<float> around = stackalloc float[(2 * Radius + 1) * (2 * Radius + 1)];
            for (var x = 0; x < width; x++)
            {
                var next = 0;
                for (var dy = -Radius; dy <= Radius; dy++)
                    for (var dx = -Radius; dx <= Radius; dx++)
                        around[next++] = large[(region * height + Mirrored(y + dy, height)) * width + Mirrored(x + dx, width)];
                around.Sort();
                smooth[row * width + x] = around[around.Length / 2];
            }
        });
        return smooth;
    }

    /// <summary>The region that each pixel is most like; of several the first.</summary>
    private static int[] RegionsOfPixels(float[] smooth, PatchRegions regions, int height, int width, Threads threads)
    {
        var (largeHeight, largeWidth) = (Enlarged * regions.GridHeight, Enlarged * regions.GridWidth);
        var (rows, columns) = (BilinearResize.Taps(largeHeight, height), BilinearResize.Taps(largeWidth, width));
        var regionOfPixel = new int[height * width];
        threads.For(height, (y, _) =>
        {
            var (mixed, best) = (ArrayPool<float>.Shared.Rent(largeWidth), ArrayPool<float>.Shared.Rent(width));
            Array.Fill(best, float.NegativeInfinity);
            for (var region = 0; region < regions.Count; region++)
            {
                var (first, second) = ((region * largeHeight + rows[y].First) * largeWidth, (region * largeHeight + rows[y].Second) * largeWidth);
                for (var x = 0; x < largeWidth; x++)
                    mixed[x] = rows[y].Mix(smooth[first + x], smooth[second + x]);
                for (var x = 0; x < width; x++)
                    if (columns[x].Mix(mixed) is var likeness && likeness > best[x])
                        (best[x], regionOfPixel[y * width + x]) = (likeness, region);
            }
            ArrayPool<float>.Shared.Return(mixed);
            ArrayPool<float>.Shared.Return(best);
        });
        return regionOfPixel;
    }

    /// <summary>Beyond a border the rows before it come again, from the last one on.</summary>
    private static int Mirrored(int index, int length) => index < 0 ? -index - 1 : index >= length ? 2 * length - 1 - index : index;
}
