using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Attention;

/// <summary>The parts of SC-CLIP and ITACLIP that golden vectors do not reach.</summary>
public sealed class LevelMethodTests
{
    [Theory]
    [InlineData(12, 4, 4)]
    [InlineData(12, 10, 10)]
    [InlineData(24, 7, 14)]
    [InlineData(24, 9, 18)]
    [InlineData(32, 4, 11)]
    [InlineData(32, 10, 27)]
    public void Numbered_blocks_lie_at_the_same_fraction_of_any_depth(int blocks, int number, int expected) => Assert.Equal(expected, NumberedBlocks.Of(number, blocks));

    [Theory]
    [InlineData("sc-clip")]
    [InlineData("itaclip")]
    [InlineData("itaclip:image-engineering")]
    public void A_shallow_model_is_refused_with_those_that_fit(string method)
    {
        using var model = new GoldenModel(Golden.Models.First());
        var error = Assert.Throws<SegmentationException>(() => DenseMethods.Validate(method, model.Clip));
        Assert.Contains(method, error.Message, StringComparison.Ordinal);
        Assert.Contains("12 blocks or more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_far_from_its_neighbours_is_the_outlier()
    {
        // 40 patches on a line, a step apart, one of them moved away.
        float[] positions = [.. Enumerable.Range(0, 40).Select(i => i == 7 ? 400f : i)];
        var distances = new float[40 * 40];
        for (var i = 0; i < distances.Length; i++)
            distances[i] = MathF.Pow(positions[i / 40] - positions[i % 40], 2);
        var factors = LocalOutliers.Factors(distances, 40);
        Assert.Equal(factors.Max(), factors[7]);
        Assert.Contains(7, LocalOutliers.Find(factors));
        Assert.Equal(2, LocalOutliers.Find(factors).Length);
    }

    [Fact]
    public void Patches_that_are_all_the_same_have_no_outliers() => Assert.Empty(LocalOutliers.Find(LocalOutliers.Factors(new float[31 * 31], 31)));

    [Fact]
    public void Patches_are_repaired_by_their_neighbours_on_the_grid()
    {
        using var threads = new Threads(1);
        using var algebra = new ManagedAlgebra(threads);
        // Two rows of five; 2 and 3 are neighbours, 9 lies in the corner.
        var patches = algebra.From([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 10, 1);
        var repaired = new PatchRepair([2, 3, 9], 2, 5).Apply(patches).ToArray();
        Assert.Equal([0, 1, (1 + 6 + 7 + 8) / 4f, (4 + 7 + 8) / 3f, 4, 5, 6, 7, 8, (4 + 8) / 2f], repaired);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], patches.ToArray());
    }

    [Fact]
    public void A_patch_without_sound_neighbours_stays()
    {
        using var threads = new Threads(1);
        using var algebra = new ManagedAlgebra(threads);
        Assert.Equal([1, 2], new PatchRepair([0, 1], 1, 2).Apply(algebra.From([1, 2], 2, 1)).ToArray());
    }
}
