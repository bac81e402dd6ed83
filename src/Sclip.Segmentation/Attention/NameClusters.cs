namespace Sclip.Segmentation.Attention;

/// <summary>Clusters of names by complete linkage: two clusters become one while their farthest members lie no farther apart than a distance, nearest clusters first.</summary>
internal static class NameClusters
{
    /// <summary>The clusters, each with the numbers of its names in order.</summary>
    /// <param name="distances">Distances between all names, <c>[names, names]</c>; overwritten.</param>
    /// <param name="names">How many names there are.</param>
    /// <param name="most">The largest distance within a cluster.</param>
    public static int[][] Of(float[] distances, int names, float most)
    {
        List<int>?[] open = [.. Enumerable.Range(0, names).Select(name => new List<int> { name })];
        var done = new List<List<int>>();
        var chain = new Stack<int>();
        for (var first = 0; first < names; first++)
            while (open[first] is not null)
                Follow(first);
        return [.. done.Select(cluster => cluster.Order().ToArray()).OrderBy(cluster => cluster[0])];

        // From a cluster to its nearest, and on from there, until two are each other's nearest: no merger elsewhere brings anything nearer to them.
        void Follow(int first)
        {
            chain.Push(first);
            while (chain.TryPop(out var one))
            {
                var before = chain.TryPeek(out var previous) ? previous : -1;
                var nearest = Nearest(distances.AsSpan(one * names, names), open, one, before);
                if (nearest < 0 || distances[one * names + nearest] > most)
                {
                    // Too far from all there are, and they only grow.
                    done.Add(open[one]!);
                    open[one] = null;
                }
                else if (nearest == before)
                    Merge(distances, open, one, chain.Pop());
                else
                {
                    chain.Push(one);
                    chain.Push(nearest);
                }
            }
        }
    }

    /// <summary>The open cluster nearest to one; of equal ones the one that the chain came from, so that it ends.</summary>
    private static int Nearest(ReadOnlySpan<float> distances, List<int>?[] open, int one, int preferred)
    {
        var nearest = preferred;
        for (var i = 0; i < open.Length; i++)
            if (i != one && open[i] is not null && (nearest < 0 || distances[i] < distances[nearest]))
                nearest = i;
        return nearest;
    }

    /// <summary>Takes a cluster into another, which then is as far from each as the farther of the two.</summary>
    private static void Merge(float[] distances, List<int>?[] open, int from, int into)
    {
        var names = open.Length;
        open[into]!.AddRange(open[from]!);
        open[from] = null;
        for (var i = 0; i < names; i++)
            distances[into * names + i] = distances[i * names + into] = MathF.Max(distances[into * names + i], distances[from * names + i]);
    }
}
