namespace Sclip.Exploration.Tests;

public class HintTests
{
    [Theory]
    [InlineData(0.438, 0.338, "Clearly sand.")]
    [InlineData(0.438, 0.379, "Clearly sand.")]
    [InlineData(0.438, 0.402, "Most likely sand; grass comes next.")]
    [InlineData(0.438, 0.420, "Most likely sand; grass comes next.")]
    [InlineData(0.438, 0.422, "Between sand and grass: is a name missing for it?")]
    public void A_cluster_is_clearly_a_class_where_the_next_is_a_tenth_as_probable(double first, double second, string hint) =>
        Assert.Equal(hint, Hints.OfCluster([("sand", first), ("grass", second), ("sky", 0)], logitScale: 40));

    [Fact]
    public void A_greater_logit_scale_makes_the_same_lead_clearer() => Assert.Equal("Clearly sand.", Hints.OfCluster([("sand", 0.438), ("grass", 0.402)], logitScale: 100));

    [Fact]
    public void Of_one_class_alone_no_cluster_is_clearly_it() => Assert.Equal("Nearest to sand, the only class.", Hints.OfCluster([("sand", 0.1)], logitScale: 40));

    [Fact]
    public void A_background_that_has_what_thresholds_give_it_is_not_to_be_left_out()
    {
        var water = new ClassFinding { Name = "water", Share = 0.236, MeanCosine = 0.1, MaxCosine = 0.2, Lead = -0.03, Doubt = 0, Rival = "sky", Hint = "" };
        Assert.StartsWith("The background: it wins nowhere by itself", Hints.Of(water, wins: false), StringComparison.Ordinal);
        Assert.StartsWith("Never wins: at best 0.030 behind sky.", Hints.Of(water with { Share = 0 }, wins: false), StringComparison.Ordinal);
    }
}
