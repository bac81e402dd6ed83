using Sclip.Segmentation.Attention;

namespace Sclip.Segmentation.Tests.Attention;

public sealed class DensityClustersTests
{
    [Fact]
    public void Chains_of_near_points_are_one_cluster_and_lonely_ones_are_noise() => Assert.Equal(
        [0, 0, 0, 0, DensityClusters.Noise, 1, 1, 1],
        DensityClusters.Find([0, 1, 2, 3, 7, 20, 20.5f, 21], 8, eps: 1, neighbours: 3));

    [Fact]
    public void A_point_between_two_clusters_belongs_to_the_first_that_reaches_it() => Assert.Equal(
        [0, 0, 0, 0, 1, 1, 1, 1],
        // The point at 2 is near 1 and 3, and with three neighbours not dense itself.
        DensityClusters.Find([0, 0.25f, 0.5f, 1.25f, 2, 2.5f, 2.75f, 3], 8, eps: 0.75, neighbours: 4));

    [Theory]
    [InlineData(0.3, 3)]
    [InlineData(0.5, 4)]
    [InlineData(0.8, 2)]
    public void Clusters_are_those_of_the_definition(double eps, int neighbours)
    {
        var random = new Random(7);
        const int Count = 120, Dimension = 300;
        // Few coordinates vary, and the last ones most: distances are known late.
        var points = new float[Count * Dimension];
        for (var point = 0; point < Count; point++)
            foreach (var axis in (int[])[3, 298, 299])
                points[point * Dimension + axis] = random.NextSingle() * 2;
        Assert.Equal(Defined(points, Count, Dimension, eps, neighbours), DensityClusters.Find(points, Count, eps, neighbours));
    }

    /// <summary>Dense points joined until nothing changes; others with the cluster of lowest number that they are near to.</summary>
    private static int[] Defined(float[] points, int count, int dimension, double eps, int neighbours)
    {
        bool Near(int a, int b) => Math.Sqrt(Enumerable.Range(0, dimension).Sum(i => Math.Pow(points[a * dimension + i] - points[b * dimension + i], 2))) <= eps;
        int[] all = [.. Enumerable.Range(0, count)];
        var dense = all.Where(a => all.Count(b => Near(a, b)) >= neighbours).ToArray();
        var lowest = all.ToArray();
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var a in dense)
                foreach (var b in dense.Where(b => Near(a, b) && lowest[b] < lowest[a]))
                    (lowest[a], changed) = (lowest[b], true);
        }
        int[] heads = [.. dense.Select(point => lowest[point]).Distinct().Order()];
        return [.. all.Select(a => dense.Contains(a)
            ? Array.IndexOf(heads, lowest[a])
            : dense.Where(b => Near(a, b)).Select(b => Array.IndexOf(heads, lowest[b])).DefaultIfEmpty(DensityClusters.Noise).Min())];
    }
}
