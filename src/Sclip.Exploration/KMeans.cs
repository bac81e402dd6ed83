using System.Numerics.Tensors;

namespace Sclip.Exploration;

/// <summary>
/// K-means with k-means++ seeding (Arthur and Vassilvitskii, 2007), from one seed and on one thread, so that the same rows always fall into the same clusters. N rows of D
/// floats, K centres.
/// </summary>
internal static class KMeans
{
    private const int MostRounds = 100;

    /// <summary>The cluster of each row, <c>[N]</c>: 0 is the largest cluster, and so on; clusters that are left empty come last.</summary>
    public static int[] Assign(ReadOnlySpan<float> rows, int dimension, int clusters, int seed, CancellationToken cancellationToken)
    {
        var count = rows.Length / dimension;
        var centres = Seed(rows, dimension, clusters, new Random(seed));
        var assigned = new int[count];
        Array.Fill(assigned, -1);
        for (var round = 0; round < MostRounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Assign(rows, dimension, centres, assigned))
                break;
            MoveToMeans(rows, dimension, centres, assigned);
        }
        return BySize(assigned, clusters);
    }

    /// <summary>Each centre is a row, drawn by its squared distance from those before it.</summary>
    private static float[] Seed(ReadOnlySpan<float> rows, int dimension, int clusters, Random random)
    {
        var count = rows.Length / dimension;
        var centres = new float[clusters * dimension];
        var distances = new double[count];
        Array.Fill(distances, double.PositiveInfinity);
        var chosen = random.Next(count);
        for (var cluster = 0; ; cluster++)
        {
            var centre = centres.AsSpan(cluster * dimension, dimension);
            rows.Slice(chosen * dimension, dimension).CopyTo(centre);
            if (cluster == clusters - 1)
                return centres;
            var sum = 0.0;
            for (var row = 0; row < count; row++)
            {
                var distance = TensorPrimitives.Distance(rows.Slice(row * dimension, dimension), centre);
                distances[row] = Math.Min(distances[row], (double)distance * distance);
                sum += distances[row];
            }
            // Where all rows are alike, any does.
            var left = random.NextDouble() * sum;
            for (chosen = 0; chosen < count - 1 && left >= distances[chosen]; chosen++)
                left -= distances[chosen];
        }
    }

    /// <summary>Gives each row its nearest centre; false where nothing changed.</summary>
    private static bool Assign(ReadOnlySpan<float> rows, int dimension, ReadOnlySpan<float> centres, int[] assigned)
    {
        var clusters = centres.Length / dimension;
        // |x - c|^2 is least where x c - |c|^2 / 2 is greatest.
        var halves = new float[clusters];
        for (var cluster = 0; cluster < clusters; cluster++)
            halves[cluster] = TensorPrimitives.SumOfSquares(centres.Slice(cluster * dimension, dimension)) / 2;
        var changed = false;
        for (var row = 0; row < assigned.Length; row++)
        {
            var (best, most) = (0, float.NegativeInfinity);
            for (var cluster = 0; cluster < clusters; cluster++)
            {
                var nearness = TensorPrimitives.Dot(rows.Slice(row * dimension, dimension), centres.Slice(cluster * dimension, dimension)) - halves[cluster];
                if (nearness > most)
                    (best, most) = (cluster, nearness);
            }
            changed |= assigned[row] != best;
            assigned[row] = best;
        }
        return changed;
    }

    /// <summary>A centre without rows stays where it is.</summary>
    private static void MoveToMeans(ReadOnlySpan<float> rows, int dimension, Span<float> centres, int[] assigned)
    {
        var members = Members(assigned, centres.Length / dimension);
        for (var cluster = 0; cluster < members.Length; cluster++)
            if (members[cluster] > 0)
                centres.Slice(cluster * dimension, dimension).Clear();
        for (var row = 0; row < assigned.Length; row++)
        {
            var centre = centres.Slice(assigned[row] * dimension, dimension);
            TensorPrimitives.Add(centre, rows.Slice(row * dimension, dimension), centre);
        }
        for (var cluster = 0; cluster < members.Length; cluster++)
        {
            var centre = centres.Slice(cluster * dimension, dimension);
            if (members[cluster] > 0)
                TensorPrimitives.Divide(centre, members[cluster], centre);
        }
    }

    private static int[] Members(int[] assigned, int clusters)
    {
        var members = new int[clusters];
        foreach (var cluster in assigned)
            members[cluster]++;
        return members;
    }

    private static int[] BySize(int[] assigned, int clusters)
    {
        var (rank, members) = (new int[clusters], Members(assigned, clusters));
        foreach (var (place, cluster) in Enumerable.Range(0, clusters).OrderByDescending(cluster => members[cluster]).Index())
            rank[cluster] = place;
        return [.. assigned.Select(cluster => rank[cluster])];
    }
}
