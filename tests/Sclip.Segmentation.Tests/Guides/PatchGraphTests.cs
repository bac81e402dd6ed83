using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Refinement;

namespace Sclip.Segmentation.Tests.Guides;

/// <summary>Label propagation over patches against the linear system that it solves.</summary>
public sealed class PatchGraphTests
{
    // No more than steps of the solver: it is exact then.
    private const int Patches = 8, Names = 3, Width = 5;
    private const double Alpha = 0.95;

    [Fact]
    public void What_is_propagated_solves_the_system()
    {
        var random = new Random(3);
        float[] features = [.. Enumerable.Range(0, Patches).SelectMany(_ => Unit([.. Enumerable.Range(0, Width).Select(_ => random.NextSingle() - 0.3f)]))];
        (double Y, double X)[] places = [.. Enumerable.Range(0, Patches).Select(i => (8.0 * (i / 3), 8.0 * (i % 3)))];
        float[] logits = [.. Enumerable.Range(0, Patches * Names).Select(_ => random.NextSingle() - 0.5f)];
        using var threads = new Threads(2);
        var z = PatchGraph.Of(features, places, threads, CancellationToken.None).Propagate(logits, Names, threads, CancellationToken.None);
        var system = System(features, places);
        for (var name = 0; name < Names; name++)
            for (var i = 0; i < Patches; i++)
                Assert.Equal((1 - Alpha) * logits[i * Names + name], Enumerable.Range(0, Patches).Sum(j => system[i, j] * z[j * Names + name]), 1e-4);
    }

    [Fact]
    public void A_patch_like_no_other_keeps_its_logits()
    {
        // Its cosine with all others is negative.
        float[] features = [1, 0, 1, 0, -1, 0];
        using var threads = new Threads(1);
        var z = PatchGraph.Of(features, [(0, 0), (0, 8), (0, 16)], threads, CancellationToken.None).Propagate([1, 0, 1], 1, threads, CancellationToken.None);
        Assert.Equal(0.05f, z[2], 1e-5f);
        Assert.True(z[0] > z[1] && z[1] > 0.4f);
    }

    [Fact]
    public void The_nearest_are_the_largest_and_of_equal_ones_the_earlier()
    {
        var positions = new int[3];
        PatchGraph.Nearest([0.5f, 0.9f, 0.5f, -1, 0.5f], positions);
        Assert.Equal([0, 1, 2], positions);
        PatchGraph.Nearest([3, 1, 2], positions);
        Assert.Equal([0, 1, 2], positions);
    }

    /// <summary>I - alpha S, entry by entry.</summary>
    private static double[,] System(float[] features, (double Y, double X)[] places)
    {
        var (w, sums, system) = (new double[Patches, Patches], new double[Patches], new double[Patches, Patches]);
        for (var i = 0; i < Patches; i++)
            for (var j = 0; j < Patches; j++)
            {
                var cosine = Enumerable.Range(0, Width).Sum(c => (double)features[i * Width + c] * features[j * Width + c]);
                var distance = Math.Sqrt(Math.Pow(places[i].Y - places[j].Y, 2) + Math.Pow(places[i].X - places[j].X, 2));
                // Both ways, since every patch is a neighbour of every other.
                w[i, j] = i == j ? 0 : 2 * Math.Pow(Math.Max(cosine, 0), 3) * Math.Exp(-0.01 * distance);
                sums[i] += w[i, j];
            }
        for (var i = 0; i < Patches; i++)
            for (var j = 0; j < Patches; j++)
                system[i, j] = (i == j ? 1 : 0) - (w[i, j] == 0 ? 0 : Alpha * w[i, j] / Math.Sqrt(sums[i] * sums[j]));
        return system;
    }

    private static float[] Unit(float[] values)
    {
        var length = MathF.Sqrt(values.Sum(value => value * value));
        return [.. values.Select(value => value / length)];
    }
}
