using System.Numerics.Tensors;

namespace Sclip.Exploration.Tests;

public class KMeansTests
{
    [Fact]
    public void Directions_that_lie_apart_fall_into_clusters_of_their_own_the_largest_first()
    {
        var (rows, truth) = Bundles(dimension: 24, sizes: [30, 90, 60]);
        var assigned = KMeans.Assign(rows, 24, 3, seed: 1, CancellationToken.None);
        Assert.Equal([90, 60, 30], Enumerable.Range(0, 3).Select(cluster => assigned.Count(other => other == cluster)));
        Assert.All(truth.Zip(assigned).GroupBy(pair => pair.First), bundle => Assert.Single(bundle.DistinctBy(pair => pair.Second)));
    }

    [Fact]
    public void The_same_rows_always_fall_into_the_same_clusters()
    {
        var (rows, _) = Bundles(dimension: 16, sizes: [40, 40, 40, 40]);
        Assert.Equal(KMeans.Assign(rows, 16, 6, seed: 7, CancellationToken.None), KMeans.Assign(rows, 16, 6, seed: 7, CancellationToken.None));
    }

    [Fact]
    public void Rows_that_are_all_alike_are_one_cluster()
    {
        var rows = Enumerable.Repeat(0.5f, 4 * 10).ToArray();
        Assert.All(KMeans.Assign(rows, 4, 3, seed: 1, CancellationToken.None), cluster => Assert.Equal(0, cluster));
    }

    [Fact]
    public void No_row_is_nearer_to_another_clusters_mean_than_to_its_own()
    {
        const int Dimension = 8, Clusters = 5;
        var random = new Random(9);
        var rows = Enumerable.Range(0, 300 * Dimension).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
        var assigned = KMeans.Assign(rows, Dimension, Clusters, seed: 3, CancellationToken.None);
        var means = Enumerable.Range(0, Clusters).Select(cluster =>
        {
            var members = Enumerable.Range(0, 300).Where(row => assigned[row] == cluster).ToArray();
            return Enumerable.Range(0, Dimension).Select(i => members.Average(row => rows[row * Dimension + i])).ToArray();
        }).ToArray();
        for (var row = 0; row < 300; row++)
        {
            var distances = means.Select(mean => TensorPrimitives.Distance<float>(mean, rows.AsSpan(row * Dimension, Dimension))).ToArray();
            Assert.InRange(distances[assigned[row]], 0, distances.Min() + 1e-5f);
        }
    }

    /// <summary>Rows of unit length around as many axes as there are sizes.</summary>
    private static (float[] Rows, int[] Bundle) Bundles(int dimension, int[] sizes)
    {
        var (random, rows, bundles) = (new Random(2), new List<float>(), new List<int>());
        for (var bundle = 0; bundle < sizes.Length; bundle++)
            for (var i = 0; i < sizes[bundle]; i++)
            {
                var row = Enumerable.Range(0, dimension).Select(axis => (axis == 3 * bundle ? 1 : 0) + 0.1f * (float)(random.NextDouble() - 0.5)).ToArray();
                TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
                rows.AddRange(row);
                bundles.Add(bundle);
            }
        return ([.. rows], [.. bundles]);
    }
}
