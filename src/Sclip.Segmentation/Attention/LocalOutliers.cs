namespace Sclip.Segmentation.Attention;

/// <summary>
/// Patches unlike those that are most like them, by their local outlier factor as SC-CLIP's code has it. With K_i the squared distance of patch i to its 30th
/// nearest other one, factor_i is the mean of K_i / K_j over those 30: the textbook's reachability would compare distances with K_j, the code does with K_i.
/// </summary>
internal static class LocalOutliers
{
    /// <summary>Other patches that each is compared with.</summary>
    public const int Neighbours = 30;

    // Of all patches, by the authors' contamination of 0.05.
    private const float Quantile = 0.95f;

    /// <summary>The factor of each patch, from the squared distances between all, <c>[patches, patches]</c>.</summary>
    public static float[] Factors(ReadOnlySpan<float> distances, int patches)
    {
        var (reach, neighbours) = (new float[patches], new int[patches * Neighbours]);
        Span<float> nearest = stackalloc float[Neighbours];
        for (var i = 0; i < patches; i++)
        {
            FindNearest(distances.Slice(i * patches, patches), i, nearest, neighbours.AsSpan(i * Neighbours, Neighbours));
            reach[i] = nearest[^1];
        }
        var factors = new float[patches];
        for (var i = 0; i < patches; i++)
        {
            var sum = 0f;
            foreach (var j in neighbours.AsSpan(i * Neighbours, Neighbours))
                sum += reach[i] / reach[j];
            factors[i] = sum / Neighbours;
        }
        return factors;
    }

    /// <summary>The patches whose factors lie above 95 % of all, interpolated linearly.</summary>
    public static int[] Find(float[] factors)
    {
        // Patches that are all the same have no outliers, and no factors either.
        if (factors.Any(float.IsNaN))
            return [];
        float[] sorted = [.. factors.Order()];
        var rank = Quantile * (sorted.Length - 1);
        var below = (int)rank;
        var threshold = sorted[below] + (rank - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
        return [.. Enumerable.Range(0, factors.Length).Where(i => factors[i] > threshold)];
    }

    /// <summary>The nearest other patches, nearest first.</summary>
    private static void FindNearest(ReadOnlySpan<float> distances, int self, Span<float> nearest, Span<int> neighbours)
    {
        nearest.Fill(float.PositiveInfinity);
        for (var j = 0; j < distances.Length; j++)
        {
            if (j == self || !(distances[j] < nearest[^1]))
                continue;
            var place = nearest.Length - 1;
            for (; place > 0 && nearest[place - 1] > distances[j]; place--)
                (nearest[place], neighbours[place]) = (nearest[place - 1], neighbours[place - 1]);
            (nearest[place], neighbours[place]) = (distances[j], j);
        }
    }
}
