using System.Numerics.Tensors;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// DBSCAN (Ester and others, 1996), Euclidean: points with enough others within eps, themselves counted, are dense; dense points within eps of each other are of one
/// cluster, and so are the others within eps of one of them, each with the first that reaches it. The rest is noise.
/// </summary>
internal static class DensityClusters
{
    /// <summary>The cluster of a point that is in none.</summary>
    public const int Noise = -1;

    // Far points are known to be so long before their last coordinate.
    private const int Piece = 256;

    /// <summary>Clusters points.</summary>
    /// <param name="points">Row by row, <c>[count, dimension]</c>.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="eps">How far neighbours are at most.</param>
    /// <param name="neighbours">Neighbours of a dense point at least, itself among them.</param>
    /// <returns>Of each point its cluster, numbered from 0 in the order of their first dense points.</returns>
    public static int[] Find(float[] points, int count, double eps, int neighbours)
    {
        var (clusters, found, clusterCount) = (new int[count], new List<int>(), 0);
        Array.Fill(clusters, Noise);
        var looked = new bool[count];
        var reached = new Stack<int>();
        for (var first = 0; first < count; first++)
        {
            if (clusters[first] != Noise || !IsDense(first))
                continue;
            clusters[first] = clusterCount;
            Reach();
            while (reached.TryPop(out var point))
                if (IsDense(point))
                    Reach();
            clusterCount++;
        }
        return clusters;

        // Once for each point; neighbours are left in `found`.
        bool IsDense(int point)
        {
            if (looked[point])
                return false;
            looked[point] = true;
            found.Clear();
            for (var other = 0; other < count; other++)
                if (AreNear(points, points.Length / count, point, other, eps * eps))
                    found.Add(other);
            return found.Count >= neighbours;
        }

        void Reach()
        {
            foreach (var other in found)
            {
                if (clusters[other] != Noise)
                    continue;
                clusters[other] = clusterCount;
                reached.Push(other);
            }
        }
    }

    private static bool AreNear(float[] points, int dimension, int one, int other, double most)
    {
        ReadOnlySpan<float> a = points.AsSpan(one * dimension, dimension), b = points.AsSpan(other * dimension, dimension);
        var sum = 0.0;
        for (var start = 0; start < dimension; start += Piece)
        {
            var length = Math.Min(Piece, dimension - start);
            var distance = TensorPrimitives.Distance(a.Slice(start, length), b.Slice(start, length));
            sum += (double)distance * distance;
            if (sum > most)
                return false;
        }
        return true;
    }
}
