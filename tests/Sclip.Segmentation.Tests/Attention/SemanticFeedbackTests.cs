using Sclip.Segmentation.Attention;

namespace Sclip.Segmentation.Tests.Attention;

/// <summary>How ResCLIP's second pass lets patches of one label belong together.</summary>
public sealed class SemanticFeedbackTests
{
    [Fact]
    public void A_label_on_the_way_makes_patches_of_one_label_belong_together_less()
    {
        // Two of one label at both ends, another between them: D = 2, and the two are 2 apart.
        var affinity = new SemanticFeedback(decay: true).Affinity([7, 0, 7], gridHeight: 3, gridWidth: 1);
        var apart = Math.Exp(-1);
        // A Gaussian of three taps; its factor goes with the sum of the row.
        var side = Math.Exp(-1 / 50.0);
        double[] first = [1, side * (1 + apart), apart], second = [side, 1, side];
        AssertRow(first, affinity, 1);
        AssertRow(second, affinity, 2);
        AssertRow([.. first.Reverse()], affinity, 3);
        // CLS has no part in it.
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal((0, 0), (affinity[i], affinity[4 * i])));
    }

    [Fact]
    public void The_way_between_near_patches_is_looked_at_in_its_first_part_alone()
    {
        int[] labels = [0, 0, 1, 0, 2, 2, 2, 2, 2, 2];
        var (decayed, whole) = (new SemanticFeedback(decay: true).Affinity(labels, 1, 10), new SemanticFeedback(decay: false).Affinity(labels, 1, 10));
        // From the first to the fourth the samples stop at the second; back they come to the third, of another label.
        Assert.Equal(Row(whole, 1, 11), Row(decayed, 1, 11));
        Assert.NotEqual(Row(whole, 4, 11), Row(decayed, 4, 11));
    }

    [Fact]
    public void A_single_patch_belongs_to_itself() => Assert.Equal([0, 0, 0, 1], new SemanticFeedback(decay: true).Affinity([3], 1, 1));

    private static float[] Row(float[] affinity, int row, int tokens) => affinity[(row * tokens)..((row + 1) * tokens)];

    private static void AssertRow(double[] expected, float[] affinity, int row)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i] / expected.Sum(), affinity[row * (expected.Length + 1) + 1 + i], 1e-6);
    }
}
